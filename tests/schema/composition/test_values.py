"""Values and types in their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.language.values import EnumLiteral, Value
from schema.model.definitions import EnumType, EnumValue, InputType, InputValue, ScalarType, TypeDefinition
from schema.model.type_references import is_strict_subtype, is_subtype
from schema.model.values import fits, print_value, values_equal
from schema.specs.auth import conjunction, implies

TYPES: dict[str, TypeDefinition] = {
    "E": EnumType("E", values={"A": EnumValue("A")}),
    "S": ScalarType("S"),
    "I": InputType("I", fields={"x": InputValue("x", "Int!"), "e": InputValue("e", "[E]")}),
}
A = EnumLiteral("A")


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (1, "Int"),
        (1, "Float!"),
        (1, "ID"),
        ("x", "ID"),
        (None, "Int"),
        (True, "Boolean"),
        (A, "E"),
        ([A, None], "[E]"),
        (A, "[E!]!"),
        ({"x": 1, "e": A}, "I"),
        ({"anything": [A]}, "S"),
    ],
)
def test_a_value_fits(value: Value, type_: str) -> None:
    assert fits(value, type_, TYPES)


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (None, "Int!"),
        (True, "Int"),
        (1, "Boolean"),
        (1.5, "Int"),
        ("1", "Int"),
        (1, "String"),
        (EnumLiteral("B"), "E"),
        ([None], "[E!]"),
        ({"x": "s"}, "I"),
        ({"y": 1}, "I"),
        (3, "I"),
        ([[A]], "[E]"),
    ],
)
def test_a_value_does_not_fit(value: Value, type_: str) -> None:
    assert not fits(value, type_, TYPES)


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (A, None, "A"),
        ("A", "E", "A"),
        (A, "S", '"A"'),
        ({"k": [A, "b"]}, "S", '{k: ["A", "b"]}'),
        ("12", "ID", "12"),
        ("012", "ID!", '"012"'),
        ("12", "String", '"12"'),
        (1.0, "Float", "1"),
        (1e21, "Float", "1e+21"),
        (1.5e-7, "Float", "1.5e-7"),
        ({"x": 1, "e": ["A"]}, "I", "{x: 1, e: [A]}"),
        (None, "Int", "null"),
        (False, "Boolean", "false"),
    ],
)
def test_a_value_is_printed_for_its_place(value: Value, type_: str | None, text: str) -> None:
    assert print_value(value, type_, TYPES) == text


def test_true_is_not_one() -> None:
    assert not values_equal(True, 1)
    assert not values_equal([{"a": False}], [{"a": 0}])
    assert values_equal({"a": 1, "b": [A]}, {"b": ["A"], "a": 1.0})


def test_subtypes_follow_null_lists_and_membership() -> None:
    def member(abstract: str, name: str) -> bool:
        return (abstract, name) == ("I", "T")

    assert is_subtype("[I]", "[T!]!", member)
    assert is_strict_subtype("Int", "Int!", member)
    assert not is_subtype("Int!", "Int", member)
    assert not is_subtype("[Int]", "Int", member)
    assert not is_subtype("T", "I", member)
    assert not is_strict_subtype("Int", "Int", member)


SCOPES = st.lists(st.lists(st.sampled_from("abcd"), max_size=3), max_size=3)


@given(SCOPES, SCOPES)
def test_a_conjunction_implies_both_and_nothing_less_does(
    one: list[list[str]], other: list[list[str]]
) -> None:
    both = conjunction([one, other])
    assert implies(both, one)
    assert implies(both, other)
    assert implies(both, conjunction([other, one]))
