#!/usr/bin/env python3
"""Reads demo/archives with Python's standard library alone and verifies demo/EXPECTED.json.

An independent reading: it shares no code with the generator or with Tieline. It counts messages,
rebuilds ties as METHODS 1.1 defines them, and looks for the planted truths.

    python3 demo/check.py            prints what it finds; exit code 1 when a truth is missing
"""

import email
import email.header
import email.policy
import email.utils
import gzip
import io
import json
import lzma
import pathlib
import random
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

HERE = pathlib.Path(__file__).resolve().parent
ARCHIVES = HERE / "archives"
EXPECTED = json.loads((HERE / "EXPECTED.json").read_text())
HALF_LIFE, RHO, THETA, MAX_GROUP = 90.0, 0.5, 0.5, 25
LONDON = ZoneInfo("Europe/London")
ROLES = {"info", "contact", "admin", "office", "support", "hello", "sales", "team"}
FAILURES = []


def check(said, holds):
    """Prints a line and remembers whether it holds."""
    print(("ok    " if holds else "WRONG ") + said)
    if not holds:
        FAILURES.append(said)


# --- reading -------------------------------------------------------------------------------------

SEPARATOR = re.compile(rb"^From .*\d\d:\d\d:\d\d \d{4}\r?$", re.M)


def split_mbox(data):
    starts = [m.start() for m in SEPARATOR.finditer(data)]
    for start, end in zip(starts, starts[1:] + [len(data)]):
        chunk = data[start:end]
        yield chunk[chunk.index(b"\n") + 1 :]


def messages(path):
    """Header blocks of one archive."""
    name = path.name
    if name.endswith(".mbox.gz"):
        yield from split_mbox(gzip.decompress(path.read_bytes()))
    elif name.endswith(".mbox.xz"):
        yield from split_mbox(lzma.decompress(path.read_bytes()))
    elif name.endswith(".mbox"):
        yield from split_mbox(path.read_bytes())
    elif name.endswith(".tar.xz"):
        with tarfile.open(path) as tar:
            for member in tar:
                data = tar.extractfile(member).read()
                yield from [data] if "maildir" in member.name else split_mbox(data)
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.endswith(".eml"):
                    yield archive.read(member)
                elif member.endswith(".mbox"):
                    yield from split_mbox(archive.read(member))


def parse(raw):
    """A message as a dict, or None when it has no date at all."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    message = email.message_from_bytes(head + b"\n\n", policy=email.policy.compat32)
    at = None
    if message["Date"]:
        at = email.utils.parsedate_to_datetime(message["Date"])
    if message["Received"] and (at is None or at.year < 1970):
        at = email.utils.parsedate_to_datetime(message["Received"].rsplit(";", 1)[1].strip())
    if at is None:
        return None

    def people(*names):
        values = [str(v) for n in names for v in message.get_all(n, [])]
        return [a.lower() for _, a in email.utils.getaddresses(values) if "@" in a]

    sender = people("From")[0]
    to = list(dict.fromkeys(a for a in people("To", "Cc") if a != sender))
    key = message["Message-ID"] or "|".join(
        [sender, str(message["To"]), str(message["Cc"]), str(message["Date"]), str(message["Subject"])]
    )
    key = re.sub(r"\s+", "", key)
    reason = None
    if message["Auto-Submitted"]:
        reason = "auto-submitted"
    elif "multipart/report" in (message["Content-Type"] or ""):
        reason = "delivery-report"
    elif message["List-Unsubscribe"] and not message["List-Id"]:
        reason = "bulk"
    elif sender.startswith("no-reply@"):
        reason = "automated-sender"
    elif sender.split("@")[0] in ROLES:
        reason = "role-mailbox"
    elif len(to) + 1 > MAX_GROUP:
        reason = "broadcast"
    list_id = message["List-Id"]
    return {
        "key": key,
        "id": message["Message-ID"],
        "at": at.astimezone(timezone.utc),
        "from": sender,
        "to": to,
        "parent": message["In-Reply-To"],
        "list": re.search(r"<(.*)>", list_id).group(1) if list_id else None,
        "reason": reason,
    }


def read_mail():
    unique, copies, lost = {}, 0, 0
    for path, counts in EXPECTED["mail"]["archives"].items():
        found = 0
        for raw in messages(HERE / path):
            found += 1
            message = parse(raw)
            if message is None:
                lost += 1
                continue
            copies += 1
            unique.setdefault(message["key"], message)
        check(f"{path}: {found} messages", found == counts["messages"])
    expected = EXPECTED["mail"]
    check(f"{len(unique)} unique messages", len(unique) == expected["unique_messages"])
    check(f"{copies - len(unique)} duplicates", copies - len(unique) == expected["duplicates"])
    check(f"{lost} without any date", lost == expected["lost"])
    return unique


def mark_newsletters(unique):
    senders, answers = defaultdict(set), defaultdict(int)
    for message in unique.values():
        if message["list"]:
            senders[message["list"]].add(message["from"])
            answers[message["list"]] += message["parent"] is not None
    news = {name for name in senders if len(senders[name]) < 3 and answers[name] == 0}
    for message in unique.values():
        if message["list"] in news:
            message["reason"] = "newsletter"
    counts = defaultdict(int)
    for message in unique.values():
        if message["reason"]:
            counts[message["reason"]] += 1
    check(f"left out {dict(counts)}", dict(counts) == EXPECTED["mail"]["left_out"])


def calendars():
    yield from (path.read_bytes().decode() for path in sorted(ARCHIVES.glob("*.ics")))
    with zipfile.ZipFile(ARCHIVES / "college-takeout.zip") as archive:
        for member in archive.namelist():
            if member.endswith(".ics"):
                yield archive.read(member).decode()


def local(value):
    at = datetime.strptime(value.split(":")[-1], "%Y%m%dT%H%M%S")
    return at.replace(tzinfo=LONDON)


def read_meetings():
    """Occurrences as {(uid, start by rule): (start, minutes, people or None)}."""
    occurrences, components = {}, {}
    for text in calendars():
        text = text.replace("\r\n ", "").replace("\r\n", "\n")
        for block in re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT", text, re.S):
            lines = [line.split(":", 1)[0].split(";")[0] + "\t" + line for line in block.split("\n") if line]
            fields = defaultdict(list)
            for line in lines:
                name, rest = line.split("\t", 1)
                fields[name].append(rest)
            uid = fields["UID"][0]
            recurrence = fields["RECURRENCE-ID"][0] if fields["RECURRENCE-ID"] else None
            components[uid, recurrence.split(":")[-1] if recurrence else None] = fields
    for (uid, recurrence), fields in sorted(components.items(), key=lambda c: (c[0][0], c[0][1] or "")):
        start = local(fields["DTSTART"][0])
        if fields["DURATION"]:
            minutes = int(re.search(r"PT(\d+)M", fields["DURATION"][0]).group(1))
        else:
            minutes = (local(fields["DTEND"][0]) - start).seconds // 60
        people = [
            line.rsplit("mailto:", 1)[1].lower()
            for line in fields["ATTENDEE"]
            if "DECLINED" not in line and "CUTYPE=ROOM" not in line
        ]
        if fields["STATUS"][0].endswith("CANCELLED") or len(set(people)) < 2:
            people = None
        if recurrence:
            occurrences[uid, local(recurrence)] = (start, minutes, people)
            continue
        starts = [start]
        if fields["RRULE"]:
            interval = int(re.search(r"INTERVAL=(\d+)", fields["RRULE"][0]).group(1))
            until = datetime.strptime(re.search(r"UNTIL=(\w+)Z", fields["RRULE"][0]).group(1), "%Y%m%dT%H%M%S")
            until = until.replace(tzinfo=timezone.utc)
            skipped = {local(line) for line in fields["EXDATE"]}
            starts = []
            while start <= until:
                if start not in skipped:
                    starts.append(start)
                start = start + timedelta(weeks=interval)
        for at in starts:
            occurrences.setdefault((uid, at), (at, minutes, people))
    held = sum(1 for o in occurrences.values() if o[2])
    expected = EXPECTED["calendar"]
    check(f"{len(components)} calendar components", len(components) == expected["components"])
    check(f"{held} meetings held", held == expected["held_occurrences"])
    return occurrences


# --- ties ----------------------------------------------------------------------------------------


def shares(unique, occurrences, as_of):
    """(event, from, to, increment) with addresses, as METHODS 1.1 says."""
    by_id = {m["id"]: m for m in unique.values() if m["id"]}
    lists = {"warm-homes@lists.northmoor-forum.example", "news@lists.northmoor-forum.example"}
    for key, message in unique.items():
        age = (as_of - message["at"]).total_seconds() / 86400
        if message["reason"] or age < 0:
            continue
        parent = by_id.get(message["parent"])
        if message["list"] and parent:
            to = [parent["from"]] if parent["from"] != message["from"] else []
        else:
            to = [a for a in message["to"] if a not in lists and a.split("@")[0] not in ROLES]
        for alter in to:
            yield key, message["from"], alter, 2 ** (-age / HALF_LIFE) / len(to), age
    for key, (start, minutes, people) in occurrences.items():
        age = (as_of - start).total_seconds() / 86400
        people = sorted(set(people or []))
        if age < 0 or len(people) < 2 or len(people) > MAX_GROUP:
            continue
        factor = min(max(minutes / 30, 0.5), 4)
        share = 0.5 * 2 * factor * 2 ** (-age / HALF_LIFE) / (len(people) - 1)
        for a in people:
            for b in people:
                if a != b:
                    yield key, a, b, share, age


def build_ties(events, same):
    sums = defaultdict(float)
    for _, a, b, x, _ in events:
        a, b = same.get(a, a), same.get(b, b)
        if a != b:
            sums[a, b] += x
    ties = {}
    for a, b in {tuple(sorted(pair)) for pair in sums}:
        one, other = sums[a, b], sums[b, a]
        strength = (1 - RHO) * (one + other) + RHO * 2 * min(one, other)
        if strength >= THETA:
            ties[a, b] = strength
    return ties


def betweenness(nodes, ties):
    """Brandes 2001, undirected, unweighted, raw."""
    alters = defaultdict(list)
    for a, b in ties:
        alters[a].append(b)
        alters[b].append(a)
    result = dict.fromkeys(nodes, 0.0)
    for source in nodes:
        order, parents, sigma, dist = [], defaultdict(list), defaultdict(float), {source: 0}
        sigma[source], queue = 1.0, [source]
        for node in queue:
            order.append(node)
            for alter in alters[node]:
                if alter not in dist:
                    dist[alter] = dist[node] + 1
                    queue.append(alter)
                if dist[alter] == dist[node] + 1:
                    sigma[alter] += sigma[node]
                    parents[alter].append(node)
        delta = defaultdict(float)
        for node in reversed(order):
            for parent in parents[node]:
                delta[parent] += sigma[parent] / sigma[node] * (1 + delta[node])
            if node != source:
                result[node] += delta[node] / 2
    return result


# --- departments ---------------------------------------------------------------------------------


def departments():
    """Address -> department, from the four directories (csv and workbook read by hand)."""
    import csv

    units = {}

    def table(name, delimiter, email_column, unit_column):
        text = (ARCHIVES / name).read_text(encoding="utf-8-sig")
        for row in csv.DictReader(io.StringIO(text), delimiter=delimiter):
            if row[email_column]:
                units[row[email_column]] = row[unit_column]

    table("council-hr.csv", ",", "E-mail", "Directorate")
    table("beacon-staff.csv", ";", "Work email", "Team")
    table("partners.csv", ",", "Email", "Department")
    with zipfile.ZipFile(ARCHIVES / "trust-staff.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    for row in re.findall(r"<row .*?</row>", sheet)[3:]:
        cells = re.findall(r"<t>(.*?)</t>", row)
        units[cells[1]] = cells[2].replace("&amp;", "&")
    return units


def silo_table(units, ties, nodes):
    degree, within = defaultdict(int), defaultdict(int)
    group = {n: units.get(n, "Volunteers" if "eastgate" in n else None) for n in nodes}
    used = [(a, b) for a, b in ties if group[a] and group[b]]
    for a, b in used:
        degree[group[a]] += 1
        degree[group[b]] += 1
        within[tuple(sorted((group[a], group[b])))] += 1
    table = {}
    names = sorted(degree)
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            expected = degree[a] * degree[b] / (2 * len(used))
            table[a, b] = (within[a, b], expected)
    return table, group, used


def permutation(group, used, pairs, rounds=5000):
    """Share of label permutations with as few ties, per pair."""
    dice = random.Random(1)
    nodes = sorted({n for n in group if group[n]})
    labels = [group[n] for n in nodes]
    observed, low = defaultdict(int), defaultdict(int)
    for a, b in used:
        observed[tuple(sorted((group[a], group[b])))] += 1
    for _ in range(rounds):
        dice.shuffle(labels)
        drawn, counts = dict(zip(nodes, labels)), defaultdict(int)
        for a, b in used:
            counts[tuple(sorted((drawn[a], drawn[b])))] += 1
        for pair in pairs:
            low[pair] += counts[pair] <= observed[pair]
    return {pair: (1 + low[pair]) / (rounds + 1) for pair in pairs}


def main():
    truths = EXPECTED["truths"]
    as_of = datetime.fromisoformat(EXPECTED["as_of"].replace("Z", "+00:00"))
    unique = read_mail()
    mark_newsletters(unique)
    occurrences = read_meetings()
    newest = max(m["at"] for m in unique.values() if m["at"].year < 2030)
    check(f"newest message {newest:%Y-%m-%d %H:%M}", newest == as_of)

    same = {second: first for first, second in truths["same_person_proved"] + truths["same_person_to_review"]}
    same[truths["job_change"]["from"]] = truths["job_change"]["to"]
    events = list(shares(unique, occurrences, as_of))
    ties = build_ties(events, same)
    units = departments()
    nodes = sorted({same.get(a, a) for a in units} | {n for tie in ties for n in tie})
    print(f"      {len(nodes)} people, {len(ties)} ties of at least {THETA}")

    table, group, used = silo_table(units, ties, nodes)
    sizes = defaultdict(int)
    for node in nodes:
        sizes[group[node]] += 1
    pairs = [p for p in table if sizes[p[0]] >= 5 and sizes[p[1]] >= 5]
    p_values = permutation(group, used, pairs)
    flagged, ordered = set(), sorted(pairs, key=lambda p: p_values[p])
    last = max((i for i, p in enumerate(ordered) if p_values[p] <= 0.05 * (i + 1) / len(pairs)), default=-1)
    for pair in ordered[: last + 1]:
        if table[pair][0] < 0.5 * table[pair][1]:
            flagged.add(pair)
    print(f"      {len(pairs)} pairs of departments, {len(flagged)} flagged; the largest gaps:")
    for pair in sorted(flagged, key=lambda p: table[p][0] - table[p][1])[:6]:
        print(f"        {pair[0]} | {pair[1]}: {table[pair][0]} of {table[pair][1]:.1f}, p {p_values[pair]:.4f}")
    silo = tuple(sorted(truths["silo"]["units"]))
    seen, expected = table[silo]
    ratio = seen / expected
    check(
        f"silo {silo[0]} | {silo[1]}: {seen} ties of {expected:.1f} expected, O/E {ratio:.2f}",
        ratio < truths["silo"]["observed_over_expected_below"] and silo in flagged,
    )
    widest = max(pairs, key=lambda p: table[p][1] - table[p][0])
    check(f"it is the widest gap of all pairs (widest: {widest})", widest == silo)
    seen, expected = table[tuple(sorted(truths["well_connected"]["units"]))]
    check(f"well connected pair: {seen} ties of {expected:.1f}, O/E {seen / expected:.2f}", seen > 1.5 * expected)

    centre = betweenness(nodes, ties)
    ranked = sorted(nodes, key=lambda n: -centre[n])
    norm = (len(nodes) - 1) * (len(nodes) - 2) / 2
    for node in ranked[:6]:
        print(f"        {node}: {centre[node] / norm:.3f} of all routes")
    check("the two brokers lead", set(ranked[:2]) == set(truths["brokers"]))
    check("and lead clearly", centre[ranked[1]] > 1.2 * centre[ranked[2]])
    stable, rounds = 0, 20
    dice = random.Random(2)
    for _ in range(rounds):
        weights = defaultdict(lambda: poisson(dice))
        drawn = build_ties(((e, a, b, x * weights[e], t) for e, a, b, x, t in events), same)
        again = betweenness(nodes, drawn)
        stable += set(sorted(nodes, key=lambda n: -again[n])[:2]) == set(truths["brokers"])
    check(f"and do so in {stable} of {rounds} resamples", stable >= 0.8 * rounds)

    def org(address):
        return address.split("@")[1]

    hinge = truths["hangs_on_one"]["person"]
    across = [t for t in ties if {org(t[0]), org(t[1])} == {"northmoor-council.example", "warm-hearth.example"}]
    check(
        f"{len(across)} ties between council and Warm Hearth, all through one person",
        len(across) >= 4 and all(hinge in tie for tie in across),
    )
    one, other = truths["cooling"]
    days = sorted({round(t) for _, a, b, _, t in events if {a, b} == {one, other}})
    gaps = sorted(b - a for a, b in zip(days, days[1:]))
    check(
        f"cooling tie: silent for {days[0]} days, usual interval {gaps[len(gaps) // 2]} days, {len(days)} contact days",
        70 <= days[0] <= 90 and gaps[len(gaps) // 2] <= 14,
    )
    job = truths["job_change"]
    before = [m["at"] for m in unique.values() if m["from"] == job["from"]]
    after = [m["at"] for m in unique.values() if m["from"] == job["to"]]
    check(
        f"job change: {len(before)} messages until {max(before):%Y-%m-%d}, {len(after)} from {min(after):%Y-%m-%d}",
        max(before) < min(after) and f"{min(after):%Y-%m-%d}" >= job["first_day"]
        and (f"{max(before):%Y-%m}", f"{min(after):%Y-%m}") == (job["last_used"], job["first_used"]),
    )
    senders = {m["from"] for m in unique.values()}
    wanted = [a for pair in truths["same_person_proved"] + truths["same_person_to_review"] for a in pair]
    check("all twelve addresses of the six doubled people write", all(a in senders for a in wanted))
    check("both namesakes write", all(a in senders for a in truths["different_people_of_one_name"]))
    small = sum(1 for n in nodes if group[n] == truths["too_small_to_report"])
    check(f"the small department has {small} people", small < 5)
    if FAILURES:
        print(f"{len(FAILURES)} wrong")
        sys.exit(1)
    print("everything as expected")


def poisson(dice):
    """A draw from Poisson(1) (Knuth)."""
    limit, product, n = 0.36787944117144233, dice.random(), 0
    while product > limit:
        product, n = product * dice.random(), n + 1
    return n


if __name__ == "__main__":
    main()
