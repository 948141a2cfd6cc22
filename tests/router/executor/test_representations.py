"""Representations: what is copied, renamed and set, in which order."""

from __future__ import annotations

from typing import Any

from router.executor.code.gather import Owning, Represented, compile_gather
from router.executor.code.layout import DictLayout
from router.executor.code.representation import kinds_of, mentioned_types
from router.executor.paths import PathStep
from router.executor.possible_types import PossibleTypes
from router.plan import (
    KeyRenamer,
    RequiredField,
    RequiredFragment,
    RequiredSelection,
    Rewrite,
    TypeCondition,
    ValueSetter,
)

POSSIBLE = PossibleTypes({"I": frozenset({"A", "B"})}, frozenset({"A", "B"}))


ID = (RequiredFragment("A", (RequiredField("__typename"), RequiredField("id"))),)


def gathered(
    objects: list[Any], requires: tuple[RequiredSelection, ...], rewrites: tuple[Rewrite, ...] = ()
) -> tuple[list[dict[str, Any]], Owning, bool]:
    kinds = kinds_of(mentioned_types(requires, POSSIBLE), requires, rewrites, POSSIBLE)
    path = (PathStep("items"), PathStep(None))
    return compile_gather(DictLayout(), [Represented(path, kinds, 0)])({"items": objects})


def test_a_rename_on_the_own_type_holds_although_another_type_is_sent() -> None:
    requires = (RequiredFragment("A", (RequiredField("__typename"), RequiredField("id__internal_0"))),)
    rewrites = (
        KeyRenamer((TypeCondition(("A",)), "id__internal_0"), "id"),
        ValueSetter((TypeCondition(("A",)), "__typename"), "I"),
    )
    sent, *_ = gathered([{"__typename": "A", "id__internal_0": "1"}], requires, rewrites)
    assert sent == [{"__typename": "I", "id": "1"}]


def test_equal_objects_are_sent_once_and_each_representation_knows_its_objects() -> None:
    objects = [{"__typename": "A", "id": value} for value in ("1", "2", "1")]
    sent, owners, _ = gathered([*objects, {"__typename": "B"}], ID)
    assert sent == objects[:2]
    assert owners == ([[objects[0], objects[2]], [objects[1]]],)


def test_objects_of_two_types_with_the_same_key_are_two_entities() -> None:
    objects = [{"__typename": name, "id": "1"} for name in ("A", "B")]
    requires = (RequiredFragment("I", (RequiredField("__typename"), RequiredField("id"))),)
    assert gathered(objects, requires)[0] == objects


def test_values_that_python_calls_equal_are_different_keys() -> None:
    objects = [{"__typename": "A", "id": value} for value in (1, True, 1.0, "1")]
    assert gathered(objects, ID)[0] == objects
