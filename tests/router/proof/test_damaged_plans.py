"""The checker notices damage: plans broken in one place are not proven."""

from __future__ import annotations

import collections

import pytest

from tests.support.plan_checker.corpus import load_cases
from tests.support.plan_checker.damaged import tried

SHARDS = 4
ALWAYS = frozenset({"drop argument", "drop one of context_rewrites", "drop one of output_rewrites"})
REDUNDANT = frozenset({"drop __typename", "drop one of input_rewrites"})
"""Reference plans ask and set many a `__typename` twice: dropping one changes nothing."""


@pytest.mark.parametrize("shard", range(SHARDS))
def test_nearly_every_damage_is_noticed(shard: int) -> None:
    cases = load_cases()[shard::SHARDS]
    if not cases:
        pytest.skip("the folder ../shared/conformance with plans.jsonl is missing")
    noticed: collections.Counter[bool] = collections.Counter()
    for case, (kind, _), seen in tried(cases, per_case=2):
        assert seen or kind not in ALWAYS, f"{kind} in {case.id} is not noticed"
        if kind not in REDUNDANT:
            noticed[seen] += 1
    assert noticed[True] > 0.95 * noticed.total()
