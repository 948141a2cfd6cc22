"""Normalization: what is left of fragments, conditions and duplicates."""

from __future__ import annotations

import pytest
from graphql import parse

from router.operation import OperationError, normalize_operation, print_operation
from schema.supergraph import Supergraph
from tests.support.planning import composed

SUPERGRAPH = Supergraph.parse(
    composed(
        {
            "a": """
            type Query { pet: Pet dog: Dog thing: Thing add(n: Int, s: String): Int }
            type Mutation { set(n: Int): Int other: Int }
            interface Pet { name: String friend: Pet }
            type Dog implements Pet { name: String friend: Pet barks: Boolean }
            type Cat implements Pet { name: String friend: Pet lives: Int }
            union Thing = Dog | Cat
            """
        }
    )
)


def normalized(text: str, name: str | None = None, **values: object) -> str:
    operation = normalize_operation(SUPERGRAPH, parse(text), name, values=values)
    return " ".join(print_operation(operation).split())


def test_fields_merge_by_response_key() -> None:
    assert normalized("{ dog { name } dog { barks name } }") == "query { dog { name barks } }"


def test_fragments_are_expanded() -> None:
    text = "{ dog { ...F ... { barks } } } fragment F on Dog { name }"
    assert normalized(text) == "query { dog { name barks } }"


def test_a_fragment_on_the_positions_type_or_wider_needs_no_type_condition() -> None:
    assert normalized("{ dog { ... on Pet { name } } }") == "query { dog { name } }"


def test_nested_type_conditions_become_one() -> None:
    text = "{ pet { ... on Pet { ... on Thing { ... on Dog { barks } } } } }"
    assert normalized(text) == "query { pet { ... on Dog { barks } } }"


def test_a_fragment_that_cannot_apply_is_dropped() -> None:
    assert normalized("{ dog { name ... on Pet { ... on Cat { lives } } } }") == "query { dog { name } }"


def test_an_interface_inside_a_union_keeps_its_name() -> None:
    assert normalized("{ thing { ... on Pet { name } } }") == "query { thing { ... on Pet { name } } }"


def test_variables_keep_their_conditions_and_literals_lose_them() -> None:
    text = "query ($a: Boolean!) { dog { name @include(if: $a) barks @include(if: true) } }"
    assert normalized(text) == "query($a: Boolean!) { dog { name @include(if: $a) barks } }"


def test_given_values_decide_conditions() -> None:
    text = "query ($a: Boolean!) { dog { name @include(if: $a) barks @skip(if: $a) } }"
    assert normalized(text, a=False) == "query($a: Boolean!) { dog { barks } }"


def test_an_unconditional_selection_swallows_a_conditional_one() -> None:
    text = "query ($a: Boolean!) { dog @include(if: $a) { name } dog { barks } }"
    assert normalized(text) == "query($a: Boolean!) { dog { name @include(if: $a) barks } }"


def test_conditions_that_contradict_each_other_select_nothing() -> None:
    text = "query ($a: Boolean!) { add dog @skip(if: $a) { ... @include(if: $a) { name } barks } }"
    assert "name @include" in normalized(text)  # told apart by the field's own condition
    text = "query ($a: Boolean!) { add ... @skip(if: $a) { dog @include(if: $a) { name } } }"
    assert normalized(text) == "query($a: Boolean!) { add }"


def test_values_are_minified() -> None:
    assert 'add(n:1 s:"a b")' in normalized('{ add(n: 1, s: "a b") }')


def test_introspection_is_left_out() -> None:
    operation = normalize_operation(SUPERGRAPH, parse("{ add __schema { types { name } } }"))
    assert operation.introspects
    assert [field.name for field in operation.fields] == ["add"]


def test_a_mutation_field_keeps_the_place_of_each_of_its_conditions() -> None:
    text = "mutation ($a: Boolean!) { set @include(if: $a) other set }"
    assert normalized(text) == "mutation($a: Boolean!) { set @include(if: $a) other set @skip(if: $a) }"


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("{ nope }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ dog { ...Nope } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ dog { ... on Nope { name } } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ dog }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { x }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { add } query B { add }", None, "GRAPHQL_UNKNOWN_OPERATION_NAME"),
        ("query A { add }", "C", "GRAPHQL_UNKNOWN_OPERATION_NAME"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused(text: str, name: str | None, code: str) -> None:
    with pytest.raises(OperationError) as caught:
        normalized(text, name)
    assert caught.value.code == code
