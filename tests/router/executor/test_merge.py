"""Merging answers: what may replace what."""

from __future__ import annotations

from typing import Any

from router.executor.merge import deep_merge, keep_asked
from router.executor.possible_types import PossibleTypes
from router.executor.selection import read_fetch_text
from router.plan import Fetch

OBJECTS = frozenset({"A", "B"})
NO_TYPES = PossibleTypes({}, OBJECTS)


def merged(target: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    deep_merge(target, source, OBJECTS)
    return target


def test_an_interface_name_does_not_replace_an_object_type() -> None:
    known = {"items": [{"__typename": "A", "id": "1"}]}
    assert merged(known, {"items": [{"__typename": "I", "size": 2}]}) == {
        "items": [{"__typename": "A", "id": "1", "size": 2}]
    }


def test_an_object_type_replaces_an_interface_name() -> None:
    assert merged({"__typename": "I"}, {"__typename": "A"}) == {"__typename": "A"}


def test_null_replaces_nothing_and_is_replaced() -> None:
    assert merged({"a": 1, "b": None}, {"a": None, "b": 2}) == {"a": 1, "b": 2}


def test_a_typename_that_is_no_string_is_no_type() -> None:
    assert merged({"__typename": ["A"]}, {"__typename": "A"}) == {"__typename": "A"}
    assert merged({"__typename": "A"}, {"__typename": ["A"]}) == {"__typename": "A"}


def kept(*, deeply: bool) -> Any:
    answered = [{"a": {"b": 1, "c": 2}, "__typename": "B"}, None, {"a": [None, {"b": 1, "c": 2}]}]
    keep_asked(answered, read_fetch_text(Fetch("s", "{ a { b } }"), {}, NO_TYPES).tree, deeply=deeply)
    return answered


def test_what_a_fetch_did_not_ask_for_is_not_merged() -> None:
    assert kept(deeply=False) == [{"a": {"b": 1, "c": 2}}, None, {"a": [None, {"b": 1, "c": 2}]}]
    assert kept(deeply=True) == [{"a": {"b": 1}}, None, {"a": [None, {"b": 1}]}]


def test_a_json_value_that_two_fetches_answer_is_kept_whole() -> None:
    answered = {"settings": {"any": {"thing": 1}}, "other": 1}
    keep_asked(answered, read_fetch_text(Fetch("s", "{ settings }"), {}, NO_TYPES).tree, deeply=True)
    assert answered == {"settings": {"any": {"thing": 1}}}
