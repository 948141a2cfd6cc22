"""Representations: what is copied, renamed and set, in which order."""

from __future__ import annotations

from typing import Any

from router.executor.possible_types import PossibleTypes
from router.executor.representations import compile_representations
from router.plan import KeyRenamer, RequiredField, RequiredFragment, TypeCondition, ValueSetter

POSSIBLE = PossibleTypes({"I": frozenset({"A", "B"})}, frozenset({"A", "B"}))


def test_a_rename_on_the_own_type_holds_although_another_type_is_sent() -> None:
    requires = (RequiredFragment("A", (RequiredField("__typename"), RequiredField("id__internal_0"))),)
    rewrites = (
        KeyRenamer((TypeCondition(("A",)), "id__internal_0"), "id"),
        ValueSetter((TypeCondition(("A",)), "__typename"), "I"),
    )
    sent: list[dict[str, Any]] = []
    gather = compile_representations(requires, rewrites, POSSIBLE)
    gather([{"__typename": "A", "id__internal_0": "1"}], {}, sent, [], [])
    assert sent == [{"__typename": "I", "id": "1"}]


def test_equal_objects_are_sent_once_and_each_knows_its_index() -> None:
    requires = (RequiredFragment("A", (RequiredField("__typename"), RequiredField("id"))),)
    sent: list[dict[str, Any]] = []
    indices: list[int] = []
    objects = [{"__typename": "A", "id": value} for value in ("1", "2", "1")]
    compile_representations(requires, (), POSSIBLE)([*objects, {"__typename": "B"}], {}, sent, [], indices)
    assert sent == objects[:2]
    assert indices == [0, 1, 0]
