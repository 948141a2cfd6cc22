#!/usr/bin/env bash
# Prints how the composer and the planner do on the reference cases, where they are beside the checkout.
set -euo pipefail
cases=${PLAIT_CONFORMANCE:-../shared/conformance}
if [ ! -d "$cases" ]; then
  echo "conformance: no reference cases at $cases, so no numbers"
  exit 0
fi
echo "conformance, composition: $(.venv/bin/python "$cases/score_composition.py" "$cases/composition.jsonl")"
echo "conformance, plans: $(.venv/bin/python "$cases/score_plans.py" "$cases/plans.jsonl")"
