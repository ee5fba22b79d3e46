#!/bin/sh
# How the cost grows from one size to the next: ten times the rows, people and pairs over the same
# months. Tieline alone; every quarter is an import of its own.
# Usage: bench/lake/grow.sh [FOLDER] [QUARTERS] [ROWS_A_QUARTER...]
# Without arguments 5, 50 and 500 million rows over three years; 500 million take 47 GB on disk,
# which go again after each size.
set -eu
folder=${1:-${TMPDIR:-/tmp}/tieline-lake-growth}
quarters=${2:-12}
if [ $# -gt 2 ]; then shift 2; else set -- 416667 4166667 41666667; fi
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
cargo build --quiet --release -p tieline-lake --examples
bin=${CARGO_TARGET_DIR:-$root/target}/release/examples
for rows; do
    [ ! -e "$folder/$rows" ] || { echo "$folder/$rows is in the way" >&2; exit 1; }
    quarter=0
    while [ "$quarter" -lt "$quarters" ]; do
        "$bin/generate_interactions" --rows "$rows" --people $((rows / 208)) --months 3 \
            --skip $((quarter * 3)) --seed $((quarter + 1)) --out "$folder/$rows"
        quarter=$((quarter + 1))
    done
    "$bin/bench_ties" "$folder/$rows"
    du -sk "$folder/$rows/lake/"*
    rm -r "${folder:?}/$rows"
done
