"""A plan's JSON and text are Apollo's, and reading the JSON back gives the same plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from router.plan import (
    EACH,
    BatchFetch,
    Condition,
    EntityBatch,
    Fetch,
    Flatten,
    Parallel,
    QueryPlan,
    RequiredField,
    RequiredFragment,
    Sequence,
)
from router.plan.json import InvalidPlanError

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "plans.jsonl"

USER = (RequiredFragment("User", (RequiredField("__typename"), RequiredField("id"))),)

BATCHED = QueryPlan(
    Sequence(
        (
            Fetch("users", "{me{__typename id}}"),
            Parallel(
                (
                    Flatten(
                        ("me",),
                        Fetch(
                            "posts",
                            "query($representations:[_Any!]!){_entities(representations:$representations)"
                            "{...on User{posts}}}",
                            requires=USER,
                        ),
                    ),
                    Condition(
                        "wanted",
                        BatchFetch(
                            "events",
                            "query($a0:[_Any!]!$a1:[_Any!]!)"
                            "{a0:_entities(representations:$a0){...on User{events}}"
                            "a1:_entities(representations:$a1){...on User{hosted}}}",
                            (
                                EntityBatch("a0", "a0", (("me",), ("you", EACH)), USER),
                                EntityBatch("a1", "a1", (("them",),), USER, condition=(("x", True),)),
                            ),
                        ),
                    ),
                )
            ),
        )
    )
)


def corpus() -> list[dict[str, Any]]:
    if not CORPUS.exists():
        pytest.skip(f"the conformance corpus is not there: {CORPUS} is missing")
    return [json.loads(line) for line in CORPUS.read_text().splitlines()]


def test_the_corpus_reads_back_and_prints_as_apollo_prints_it() -> None:
    cases = corpus()
    assert len(cases) > 500
    for case in cases:
        expected = case["apollo"]
        plan = QueryPlan.from_json(expected["plan_json"])
        assert plan.to_json() == expected["plan_json"], case["id"]
        assert plan.to_text() == expected["plan_text"], case["id"]


def test_a_batch_fetch_survives_json() -> None:
    assert QueryPlan.from_json(json.loads(json.dumps(BATCHED.to_json()))) == BATCHED


def test_a_batch_fetch_prints_each_part_with_its_paths() -> None:
    text = BATCHED.to_text()
    assert 'a0(paths: ["me", "you.@"]) {' in text
    assert 'a1(paths: ["them"], include: $x) {' in text
    assert "events" in text


def test_an_empty_plan_prints_as_an_empty_query_plan() -> None:
    assert QueryPlan().to_text() == "QueryPlan {}"
    assert QueryPlan().to_json() == {"kind": "QueryPlan"}


def test_mermaid_draws_a_box_for_each_request_and_arrows_for_order() -> None:
    assert BATCHED.to_mermaid().split("\n") == [
        "flowchart LR",
        '  n0["users"]',
        '  n1["posts<br/>me"]',
        "  n0 --> n1",
        '  n2["events<br/>me<br/>you.@<br/>them"]',
        '  n0 -- "if $wanted" --> n2',
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "Fetch"},
        {"kind": "QueryPlan", "node": {"kind": "Nonsense"}},
        {"kind": "QueryPlan", "node": 1},
    ],
)
def test_json_that_is_no_plan_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidPlanError) as caught:
        QueryPlan.from_json(wrong)
    assert caught.value.code == "INVALID_QUERY_PLAN"
