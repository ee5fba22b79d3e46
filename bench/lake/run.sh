#!/bin/sh
# Segments and ties against polars and DataFusion on the same files, in one run.
# Usage: bench/lake/run.sh [ROWS] [FOLDER]    (50 million rows take about 3 GB on disk)
# Needs Python 3; PYTHON may name an interpreter that has polars, datafusion and pyarrow.
set -eu
rows=${1:-50000000}
folder=${2:-${TMPDIR:-/tmp}/tieline-lake-bench-$rows}
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
if [ -z "${PYTHON:-}" ]; then
    [ -d "$folder.venv" ] || python3 -m venv "$folder.venv"
    PYTHON=$folder.venv/bin/python
    "$PYTHON" -m pip install --quiet polars datafusion pyarrow
fi
cd "$root"
cargo build --quiet --release -p tieline-lake --examples
bin=${CARGO_TARGET_DIR:-$root/target}/release/examples
[ -f "$folder/imports" ] || "$bin/generate_interactions" --rows "$rows" --out "$folder"
"$PYTHON" "$here/compare.py" "$bin/bench_ties" "$folder"
