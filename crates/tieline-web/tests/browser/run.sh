#!/bin/sh
# Checks a report in a browser and, given the one-time link of a running demo, the application.
# Usage: run.sh REPORT.html [LINK]
# CHROMIUM names the browser; without it /usr/bin/chromium is taken.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -f "$1" ]; then
    echo "usage: run.sh REPORT.html [LINK] (make both with: tieline demo --no-open -o REPORT.html)" >&2
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
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here"/*.mjs "$work"
cd "$work"
npm ci --ignore-scripts --silent
status=0
node check.mjs "$report" "$chromium" || status=1
if [ $# -eq 2 ]; then
    node app.mjs "$2" "$chromium" || status=1
fi
exit $status
