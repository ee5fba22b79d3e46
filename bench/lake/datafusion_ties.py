"""The same sums as bench_ties, by DataFusion from the same files.

datafusion_ties.py DIR STEP FROM_MS TO_MS

Prints one JSON object: CPU seconds and peak memory of this process, and the check sums.
"""

import json
import resource
import sys
import time

import pyarrow as pa
from datafusion import SessionContext

HALF_LIFE_MS = 90 * 86_400_000.0
MAX_GROUP = 25


def main():
    folder, step, from_ms, to_ms = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    before, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()

    context = SessionContext()
    context.register_parquet(
        "interactions", f"{folder}/lake/interactions/", table_partition_cols=[("month", pa.string())]
    )
    by = '"from", "to", month' if step == "first build" else '"from", "to"'
    query = f"""
        SELECT {by}, count(*) AS count, sum(weight) AS weight,
               sum(weight * power(2.0, (at_ms - {to_ms}) / {HALF_LIFE_MS})) AS decayed
        FROM (SELECT "from", "to", month, CAST(at AS BIGINT) AS at_ms,
                     CASE WHEN channel = 2 THEN 0.5 ELSE 1.0 END / "group" AS weight
              FROM interactions WHERE "group" + 1 <= {MAX_GROUP})
        WHERE at_ms >= {from_ms} AND at_ms < {to_ms}
        GROUP BY {by}"""
    if step == "first build":
        query = f"""SELECT "from", "to", sum(count) AS count, sum(weight) AS weight,
                    sum(decayed) AS decayed FROM ({query}) GROUP BY "from", "to" """
    pairs = pa.Table.from_batches(context.sql(query).collect())
    total = {name: pa.compute.sum(pairs[name]).as_py() for name in ("count", "weight", "decayed")}

    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({
        "engine": "datafusion", "step": step, "cpu_s": round(cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 3), "peak_mb": round(after.ru_maxrss / 1024),
        "pairs": pairs.num_rows, "count": total["count"],
        "undecayed": total["weight"], "decayed": total["decayed"],
    }))


if __name__ == "__main__":
    import pyarrow.compute  # noqa: F401  (makes pa.compute available)

    main()
