"""Writes elections.json: ranked elections and whom the independent library pref_voting elects.

    python3 -m venv v && v/bin/pip install pref_voting==1.18.0
    v/bin/python generate.py

Two lists, from a fixed seed:
* tie_free: 1,000 elections of strict rankings in which no two majorities are equally strong and no
  round of the run-off has a tie for the fewest votes, so that each method has one winner.
* tied: 300 small elections with ties, with the sets of winners before any tie-break.

An election is [number of options, {ranking: votes}, expected]; a ranking is a text of option indices.
Expected: c Condorcet winner or null, k Smith set, s Schulze, r ranked pairs (tie_free), i instant run-off
(parallel universes: all who win for some order of eliminations), b Borda, p plurality; sets as texts.
"""

import json
import pathlib
import random

from pref_voting.c1_methods import top_cycle
from pref_voting.iterative_methods import instant_runoff_put
from pref_voting.margin_based_methods import beat_path, ranked_pairs
from pref_voting.profiles import Profile
from pref_voting.scoring_methods import borda, plurality


def election(rng, n_options, n_rankings, most):
    ballots = {}
    for _ in range(n_rankings):
        ranking = list(range(n_options))
        rng.shuffle(ranking)
        ballots["".join(map(str, ranking))] = rng.randint(1, most)
    return ballots


def profile(ballots):
    return Profile([[int(option) for option in ranking] for ranking in ballots], list(ballots.values()))


def has_runoff_tie(ballots, n_options):
    left = set(range(n_options))
    while len(left) > 1:
        votes = {option: 0 for option in left}
        for ranking, count in ballots.items():
            votes[next(int(option) for option in ranking if int(option) in left)] += count
        fewest = min(votes.values())
        losers = [option for option in left if votes[option] == fewest]
        if len(losers) > 1:
            return True
        left.discard(losers[0])
    return False


def text(options):
    return "".join(str(int(option)) for option in sorted(options))


def expected(prof, is_tie_free):
    winner = prof.condorcet_winner()
    sets = {
        "c": None if winner is None else int(winner),
        "k": text(top_cycle(prof)),
        "s": text(beat_path(prof)),
        "i": text(instant_runoff_put(prof)),
        "b": text(borda(prof)),
        "p": text(plurality(prof)),
    }
    # With tied majorities the library tries every order of all pairs, which does not end.
    return {**sets, "r": text(ranked_pairs(prof))} if is_tie_free else sets


def main():
    rng = random.Random(20261123)
    tie_free, tied = [], []
    while len(tie_free) < 1000:
        n_options = rng.choice([3, 4, 4, 5, 5, 6])
        ballots = election(rng, n_options, rng.randint(3, 10), 60)
        prof = profile(ballots)
        if prof.is_uniquely_weighted() and not has_runoff_tie(ballots, n_options):
            tie_free.append([n_options, ballots, expected(prof, True)])
    while len(tied) < 300:
        n_options = rng.choice([2, 3, 4, 4])
        ballots = election(rng, n_options, rng.randint(2, 5), 3)
        prof = profile(ballots)
        if not prof.is_uniquely_weighted() or has_runoff_tie(ballots, n_options):
            tied.append([n_options, ballots, expected(prof, False)])
    # One election per line keeps the file small and its differences readable.
    lists = {
        name: ",\n".join(json.dumps(one, separators=(",", ":")) for one in rows)
        for name, rows in (("tie_free", tie_free), ("tied", tied))
    }
    body = ",\n".join(f'"{name}": [\n{rows}\n]' for name, rows in lists.items())
    path = pathlib.Path(__file__).with_name("elections.json")
    path.write_text("{\n" + body + "\n}\n")
    print(path.name, path.stat().st_size, "bytes")


main()
