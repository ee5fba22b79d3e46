#!/usr/bin/env bash
# Communities of the email-Eu-core network beside its department labels, ours and igraph's.
# Usage: bench/communities/run.sh   (needs python-igraph and scikit-learn; TIELINE_TESTDATA)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
data=${TIELINE_TESTDATA:-$root/../shared/data}/open/1-org-network
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xz -dc "$data/email-Eu-core.txt.xz" > "$work/edges.txt"
cargo run --quiet --release --manifest-path "$root/Cargo.toml" -p tieline-graph --example communities -- \
  "$work/edges.txt" "$data/email-Eu-core-department-labels.txt"
"${PYTHON:-python3}" "$root/bench/communities/igraph_leiden.py" "$work/edges.txt" "$data/email-Eu-core-department-labels.txt"
