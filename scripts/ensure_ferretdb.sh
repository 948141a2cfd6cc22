#!/usr/bin/env bash
# The MongoDB protocol for the tests of db/mongo.py: FerretDB over SQLite, built once from Go modules, outside the clone.
set -euo pipefail
cache="${XDG_CACHE_HOME:-$HOME/.cache}/plait"
here="$(cd "$(dirname "$0")" && pwd)/ferretdb"
program="$cache/ferretdb-1.24.2"
if [ -x "$program" ]; then exit 0; fi
if ! command -v go >/dev/null; then
  echo "plait: Go is not installed: the tests of the MongoDB adapter are skipped (install Go 1.22 or newer)"
  exit 0
fi
echo "plait: building FerretDB for the MongoDB tests (once; about 75 seconds)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp "$here"/main.go "$here"/go.mod "$work"
mkdir -p "$cache"
if ! (cd "$work" && go build -mod=mod -o "$work/ferretdb" . 2>"$work/said"); then
  tail -5 "$work/said"
  echo "plait: FerretDB could not be built: the tests of the MongoDB adapter are skipped"
  exit 0
fi
mv "$work/ferretdb" "$program.$$"
mv "$program.$$" "$program"
