#!/bin/sh
# Sends the API what its description allows and what it does not, and holds every answer against the
# description. What it sends changes the workspace: give it the one-time link of a demo.
# Usage: run.sh LINK
set -eu

if [ $# -ne 1 ]; then
    echo "usage: run.sh LINK (as printed by: tieline demo --no-open)" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
# The packages go to a folder of their own, which later runs use again.
home=${TIELINE_FUZZ_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/tieline-fuzz}
stamp=$home/requirements.txt
if ! cmp -s "$here/requirements.txt" "$stamp"; then
    rm -rf "$home"
    if ! python3 -m venv "$home" >&2; then
        echo "no virtual environments here: install them with 'apt-get install python3-venv'" >&2
        exit 1
    fi
    # Where no packages are to be had the rest of the gate still tells something; this line is counted.
    if ! "$home/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2; then
        echo "skipped: the API was not held against its description: its packages cannot be installed"
        exit 0
    fi
    cp "$here/requirements.txt" "$stamp"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
exec "$home/bin/python" "$here/fuzz.py" "$1"
