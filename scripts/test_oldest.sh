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
# What a library's version decides: how a request is read, checked and answered, and what is composed. Searching plans
# is our own code alone, and how deep a parser goes before it gives up is its own affair.
[ $# -gt 0 ] || set -- \
  tests/router/{http,auth,authorization,cache,demand,limits,persisted,pipeline,telemetry,transport,operation,described} tests/router/test_{config_file,linked_features,router,plan_forms}.py \
  tests/router/executor/test_{execution,faults,merge,projection_shape,representations}.py \
  tests/schema/test_{contract,api_schema}.py tests/router/test_address.py
exec "$venv/bin/python" -m pytest -q -n 2 --dist loadgroup "$@"
