"""The objects at a path, however deep it goes."""

from __future__ import annotations

from typing import Any

import pytest

from router.executor.code.layout import DictLayout
from router.executor.code.loops import compile_collect
from router.executor.paths import PathStep


def nested(depth: int) -> tuple[dict[str, Any], tuple[PathStep, ...]]:
    """`depth` lists inside each other, two elements each, and the path to the innermost objects."""
    value: dict[str, Any] = {"id": "innermost"}
    for _ in range(depth):
        value = {"items": [value, {}]}
    return value, (PathStep("items"), PathStep(None)) * depth


@pytest.mark.parametrize("depth", [1, 8, 9, 21, 60])
def test_objects_are_found_below_any_number_of_lists(depth: int) -> None:
    data, path = nested(depth)
    assert compile_collect(DictLayout(), path)(data) == [{"id": "innermost"}, {}]


def test_a_list_that_objects_share_is_gone_through_once_in_a_later_part_too() -> None:
    shared, rest = nested(12)
    data = {"first": [shared, shared]}
    path = (PathStep("first"), PathStep(None), *rest)
    assert compile_collect(DictLayout(), path)(data) == [{"id": "innermost"}, {}]


def test_a_long_path_of_objects_is_followed() -> None:
    data: dict[str, Any] = {"id": "innermost"}
    for _ in range(120):
        data = {"next": data}
    assert compile_collect(DictLayout(), (PathStep("next"),) * 120)(data) == [{"id": "innermost"}]
