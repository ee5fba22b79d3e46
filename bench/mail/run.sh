#!/usr/bin/env bash
# Mail import end to end against Python's mailbox and against wc -l, in one run, in CPU seconds.
# Usage: bench/mail/run.sh [BYTES]   (default 1.2 GB; needs TIELINE_TESTDATA or ../shared/data)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
data=${TIELINE_TESTDATA:-$root/../shared/data}
bytes=${1:-1200000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p tieline
tieline=${CARGO_TARGET_DIR:-$root/target}/release/tieline
xz -dc "$data/open/2-mail/linux-integrity-2019-2022.mbox.xz" > "$work/small.mbox"
python3 "$root/bench/mail/make_archive.py" "$work/small.mbox" "$work/large.mbox" "$bytes"
cpu() { # CPU seconds of a command, to the variable CPU
  local TIMEFORMAT='%U %S'
  local out
  out=$({ time "$@" > "$work/out" 2> "$work/err"; } 2>&1)
  CPU=$(awk '{print $1 + $2}' <<< "$out")
}
cat "$work/large.mbox" > /dev/null
cpu wc -l "$work/large.mbox"; wc_cpu=$CPU
cpu python3 "$root/bench/mail/python_mailbox.py" "$work/small.mbox"; py_cpu=$CPU
py_messages=$(awk '{print $1}' "$work/out")
cpu "$tieline" --data "$work/data" import --json "$work/large.mbox"; our_cpu=$CPU
our_messages=$(tail -n 1 "$work/out" | sed 's/.*"read":\([0-9]*\).*/\1/')
awk -v wc="$wc_cpu" -v py="$py_cpu" -v pym="$py_messages" -v our="$our_cpu" -v ourm="$our_messages" \
  -v size="$(stat -c %s "$work/large.mbox")" 'BEGIN {
  printf "archive           %.2f GB, %d messages\n", size / 1e9, ourm
  printf "wc -l             %.2f CPU s\n", wc
  printf "python mailbox    %.0f messages a CPU second (on %d messages)\n", pym / py, pym
  printf "tieline import    %.2f CPU s, %.0f messages a CPU second\n", our, ourm / our
  printf "against python    %.1f times (bar: at least 30)\n", (ourm / our) / (pym / py)
  printf "against wc -l     %.1f times its CPU (bar: at most 20)\n", our / wc
}'
