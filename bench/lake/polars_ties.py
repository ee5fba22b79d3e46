"""The same sums as bench_ties, by polars from the same files.

polars_ties.py DIR STEP FROM_MS TO_MS [in-memory|streaming]

Prints one JSON object: CPU seconds and peak memory of this process, and the check sums.
"""

import json
import resource
import sys
import time

import polars as pl

HALF_LIFE_MS = 90 * 86_400_000.0
MAX_GROUP = 25
EMAIL, CHAT = 1, 2


def main():
    folder, step, from_ms, to_ms = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    engine = sys.argv[5] if len(sys.argv) > 5 else "streaming"
    before, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()

    at = pl.col("at").cast(pl.Int64)
    weight = pl.when(pl.col("channel") == CHAT).then(0.5).otherwise(1.0) / pl.col("group")
    rows = (
        pl.scan_parquet(f"{folder}/lake/interactions/**/*.parquet", hive_partitioning=True)
        .filter((at >= from_ms) & (at < to_ms) & (pl.col("group") + 1 <= MAX_GROUP))
        .select(
            "from", "to", "month", weight=weight,
            decayed=weight * (2.0 ** ((at - to_ms).cast(pl.Float64) / HALF_LIFE_MS)),
        )
    )
    sums = [pl.len().alias("count"), pl.col("weight").sum(), pl.col("decayed").sum()]
    if step == "first build":
        months = rows.group_by("from", "to", "month").agg(sums).collect(engine=engine)
        pairs = months.group_by("from", "to").agg(
            pl.col("count").sum(), pl.col("weight").sum(), pl.col("decayed").sum()
        )
    else:
        pairs = rows.group_by("from", "to").agg(sums).collect(engine=engine)
    total = pairs.select(pl.col("count").sum(), pl.col("weight").sum(), pl.col("decayed").sum())

    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({
        "engine": f"polars {engine}", "step": step, "cpu_s": round(cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 3), "peak_mb": round(after.ru_maxrss / 1024),
        "pairs": pairs.height, "count": total["count"][0],
        "undecayed": total["weight"][0], "decayed": total["decayed"][0],
    }))


if __name__ == "__main__":
    main()
