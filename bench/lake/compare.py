"""Runs bench_ties, polars and DataFusion on one lake and prints the ratios.

compare.py BENCH_TIES DIR

Fails if any check sum differs by more than 1e-9 of it.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
STEPS = ("first build", "other moment", "other window")


def run(*command):
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main():
    bench, folder = sys.argv[1], sys.argv[2]
    results = run(bench, folder)
    ours = {one["step"]: one for one in results}
    for step in STEPS:
        bounds = (str(ours[step]["from_ms"]), str(ours[step]["to_ms"]))
        for script, *engine in (
            ("polars_ties.py", "streaming"), ("polars_ties.py", "in-memory"), ("datafusion_ties.py",)
        ):
            results += run(sys.executable, str(HERE / script), folder, step, *bounds, *engine)
    print(f"{'step':<24}{'engine':<18}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'ratio':>8}")
    for one in sorted(results, key=lambda one: one["step"]):
        mine = ours[one["step"]]
        ratio = one["cpu_s"] / max(mine["cpu_s"], 0.01)
        print(f"{one['step']:<24}{one['engine']:<18}{one['cpu_s']:>8.2f}{one['wall_s']:>8.2f}"
              f"{one['peak_mb']:>9}{ratio:>8.1f}")
        for name in ("pairs", "count", "undecayed", "decayed"):
            if one["step"] in STEPS and abs(one[name] - mine[name]) > 1e-9 * abs(mine[name]):
                sys.exit(f"{one['engine']}, {one['step']}: {name} {one[name]} is not {mine[name]}")
    print("all sums equal to 1e-9")


if __name__ == "__main__":
    main()
