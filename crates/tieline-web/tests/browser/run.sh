#!/bin/sh
# Checks a report in a browser. Usage: run.sh REPORT.html
# CHROMIUM names the browser; without it /usr/bin/chromium is taken.
set -eu

if [ $# -ne 1 ] || [ ! -f "$1" ]; then
    echo "usage: run.sh REPORT.html (make one with: tieline demo -o REPORT.html)" >&2
    exit 2
fi
report=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
chromium=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$chromium" ]; then
    echo "no browser at $chromium: install one with 'apt-get install chromium', or name yours in CHROMIUM" >&2
    exit 1
fi
if ! command -v npm >/dev/null; then
    echo "no npm: install Node 20 or later, for example with 'apt-get install nodejs npm'" >&2
    exit 1
fi

# The packages go to a folder of their own, so that the sources stay clean.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here/check.mjs" "$work"
(cd "$work" && npm ci --ignore-scripts --silent && node check.mjs "$report" "$chromium")
