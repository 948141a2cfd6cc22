"""Root types, shared value types, mutations, and the limits of the walk."""

from __future__ import annotations

import pytest

from schema.satisfiability import check_satisfiability
from schema.supergraph import Supergraph, UnsupportedLinkError
from tests.schema.satisfiability.graphs import failure, failures, operation
from tests.support.corpus import corpus


def test_parts_of_a_value_type_are_fetched_from_the_root_of_each_subgraph() -> None:
    assert not failures(
        a="type Query { v: V @shareable } type V { a: Int }",
        b="type Query { v: V @shareable } type V { b: Int }",
    )


def test_parts_of_a_value_type_under_an_unshared_field_are_lost() -> None:
    found = failure(
        a="type Query { v: V } type V { a: Int }",
        b="type Query { w: Int } type V { b: Int }",
    )
    assert operation(found) == "{ v { b } }"
    assert "@shareable on both" in (found.remedy or "")


def test_subscriptions_and_mutations_start_at_their_own_roots() -> None:
    found = failures(
        a="""
          type Query { q: Int } type Mutation { m: T } type Subscription { s: Int }
          type T { id: ID! @shareable }
        """,
        b="type Query { r: Int } type T { id: ID! @shareable x: Int }",
    )
    assert [operation(item) for item in found] == ["mutation { m { x } }"]


def test_a_shared_mutation_needs_one_subgraph_that_leads_to_everything() -> None:
    parts = {
        "a": "type Query { q: Int } type Mutation { m: V @shareable } type V { a: Int both: Int @shareable }",
        "b": "type Query { r: Int } type Mutation { m: V @shareable } type V { both: Int @shareable }",
    }
    assert not failures(**parts)
    found = failure(**{**parts, "b": parts["b"].replace("type V {", "type V { b: Int")})
    assert found.message.startswith('The mutation "Mutation.m" runs once, in one of the subgraphs')
    assert 'When it runs in "a"' in found.message
    assert 'When it runs in "b"' in found.message


def test_a_shared_mutation_with_differing_runtime_types_still_needs_an_answer_for_each() -> None:
    found = failure(
        a="""
          type Query { q: Int } type Mutation { m: U @shareable }
          union U = V | W type V { a: Int both: Int @shareable } type W { w: Int }
        """,
        b="""
          type Query { r: Int } type Mutation { m: U @shareable }
          union U = V type V { b: Int both: Int @shareable }
        """,
    )
    assert found.message.startswith('The mutation "Mutation.m" runs once')


def test_a_failure_met_first_below_a_shared_mutation_is_still_one_for_queries() -> None:
    found = failure(
        a="type Query { v: V } type Mutation { m: V @shareable } type V { a: Int @shareable }",
        b="type Query { q: Int } type Mutation { m: V @shareable } type V { a: Int @shareable b: Int }",
    )
    assert operation(found) == "{ v { b } }"


def test_no_valid_supergraph_of_the_corpus_is_refused() -> None:
    cases = [case for case in corpus("composition.jsonl") if case["apollo"].get("supergraph_sdl")]
    if not cases:
        pytest.skip("the folder ../shared/conformance with composition.jsonl is missing")
    refused = []
    for case in cases:
        text = case["apollo"]["supergraph_sdl"]
        if "https://specs.apollo.dev/connect/" in text:
            with pytest.raises(UnsupportedLinkError):  # REST connectors, which no part of ours understands
                Supergraph.parse(text)
            continue
        found = check_satisfiability(Supergraph.parse(text))
        hinted = any(
            h["code"].startswith("INCONSISTENT_RUNTIME_TYPES") for h in case["apollo"]["hints"] or ()
        )
        if found.errors or bool(found.hints) != hinted:
            refused.append(case["id"])
    assert refused == []
