#!/usr/bin/env bash
# The tests of schema/ and router/ on the oldest versions of the libraries that pyproject.toml allows.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.venv-oldest
wanted=$(.venv/bin/python scripts/oldest_requirements.py)
if [ "$(cat "$venv/.requirements" 2>/dev/null || true)" != "$wanted" ]; then
  echo "plait: installing the oldest libraries allowed into $venv (once)"
  rm -rf "$venv"
  .venv/bin/uv venv --quiet --python .venv/bin/python "$venv"
  .venv/bin/uv pip install --quiet --python "$venv/bin/python" --resolution lowest-direct --requirements - <<<"$wanted"
  printf '%s' "$wanted" >"$venv/.requirements"
fi
"$venv/bin/python" -c 'from importlib.metadata import version; print("graphql-core", version("graphql-core"))'
exec "$venv/bin/python" -m pytest -q -n 2 --dist loadgroup "$@"
