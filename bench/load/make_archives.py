#!/usr/bin/env python3
"""Makes the archives of a large workspace: a directory of people in departments of organisations and
the mail between them, for `tieline import`.

The same arguments give the same bytes. A person has some forty partners (two million ties for 100,000
people): most in the same department, some in the organisation, few anywhere; near partners are written
to more often. Messages have one to four recipients, two and a half on average, over three years.

Usage: make_archives.py FOLDER [PEOPLE] [INTERACTIONS]     (100000 and 10000000)
"""
import csv
import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

FIRST = "Ada Ben Cleo Dan Edda Finn Gia Hugo Ines Jon Kira Lars Mona Nils Olga Per Quin Rosa Sven Tara Ugo Vera Wim Xenia Yann Zoe".split()
STEMS = "Al Bar Cor Del Es Fal Gor Hal Is Jun Kor Lan Mar Nor Ost Pel Quar Ros Sal Tor Ul Var Wes Xan Yor Zel".split()
ENDS = "bach berg dahl feld gren holm ius kamp lund mark nes ov quist rup stad thal unda vik wall zen".split()
TITLES = ["Analyst", "Programme manager", "Head of department", "Partnership manager", "Engineer", "Nurse", "Planner"]
PER_UNIT, UNITS = 125, 20
PARTNERS = 40
START = datetime(2023, 1, 2, tzinfo=timezone.utc)
DAYS = 3 * 365


def make_people(count):
    """(name, address, organisation, department, title, department number) of each person."""
    people = []
    for number in range(count):
        unit = number // PER_UNIT
        org = unit // UNITS
        first = FIRST[number % len(FIRST)]
        last = STEMS[number // 7 % len(STEMS)] + ENDS[number // 131 % len(ENDS)] + STEMS[number // 2003 % len(STEMS)].lower()
        address = f"{first.lower()}.{last.lower()}.{number}@org{org}.example"
        people.append((f"{first} {last}", address, f"Organisation {org}", f"Department {org}.{unit % UNITS}",
                       TITLES[number % len(TITLES)], unit))
    return people


def make_partners(dice, count):
    """The people each person writes to, the near ones first."""
    partners = [[] for _ in range(count)]
    for ego in range(count):
        unit, org = ego // PER_UNIT, ego // (PER_UNIT * UNITS)
        while len(partners[ego]) < PARTNERS // 2:
            roll = dice.random()
            if roll < 0.6:
                other = unit * PER_UNIT + int(dice.random() * PER_UNIT)
            elif roll < 0.85:
                other = org * PER_UNIT * UNITS + int(dice.random() * PER_UNIT * UNITS)
            else:
                other = int(dice.random() * count)
            if other < count and other != ego:
                partners[ego].append(other)
    return partners


def write_directory(path, people):
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Name", "Email", "Organisation", "Department", "Title"])
        table.writerows(person[:5] for person in people)


def write_mail(path, dice, people, partners, interactions):
    """Messages in the order of their time, until so many people were written to."""
    mailboxes = [f"{name} <{address}>" for name, address, *_ in people]
    left, number = interactions, 0
    step = DAYS * 86400 / (interactions / 2.5)
    with path.open("w", buffering=1 << 20) as file:
        while left > 0:
            ego = int(dice.random() * len(people))
            mine = partners[ego]
            size = (1, 2, 3, 4)[int(dice.random() * 4)]
            # The square draws the near partners more often.
            to = {mine[int(dice.random() ** 2 * len(mine))] for _ in range(size)}
            if dice.random() < 0.5:
                other = to.pop()
                to.add(ego)
                ego = other if other != ego else ego
                to.discard(ego)
                if not to:
                    continue
            at = START + timedelta(seconds=min(number * step, DAYS * 86400 - 1))
            file.write(
                f"From {people[ego][1]} {at:%a %b %d %H:%M:%S %Y}\n"
                f"From: {mailboxes[ego]}\nTo: {', '.join(mailboxes[one] for one in sorted(to))}\n"
                f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: <{number}@load.example>\n"
                f"Subject: none\n\n.\n\n")
            left -= len(to)
            number += 1


def main():
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    interactions = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
    folder.mkdir(parents=True)
    dice = random.Random(1)
    people = make_people(count)
    write_directory(folder / "directory.csv", people)
    write_mail(folder / "mail.mbox", dice, people, make_partners(dice, count), interactions)


main()
