"""Field sets as the walk needs them: what must be fetched as paths, what is provided as a tree.

A selection is satisfied when each of its leaves can be reached, and leaves are reached independently of each
other (two fetches may each bring one). So `@key(fields: "id org { id }")` is the paths `id` and `org.id`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from schema.language.nodes import FragmentNode, SelectionNode
from schema.model.field_set import parse_field_set


@dataclass(frozen=True, slots=True)
class Cast:
    """A step that narrows to a type, `... on User`; every other step is the name of a field."""

    type: str

    def __str__(self) -> str:
        return f"... on {self.type}"


Step: TypeAlias = str | Cast
Path: TypeAlias = tuple[Step, ...]
Provided: TypeAlias = tuple[tuple[Step, "Provided"], ...]
"""Steps that are provided, each with what is provided below it, sorted: equal sets are equal values."""


@lru_cache(maxsize=8192)
def selection_paths(text: str) -> tuple[Path, ...]:
    """The paths to the leaves of a field set, without duplicates."""
    return tuple(dict.fromkeys(_paths(parse_field_set(text))))


@lru_cache(maxsize=8192)
def provided_tree(text: str) -> Provided:
    """A field set as a tree of steps."""
    return _tree(parse_field_set(text))


def merge_provided(first: Provided, second: Provided) -> Provided:
    """What is provided when both are."""
    if not first or not second:
        return first or second
    merged = dict(first)
    for step, below in second:
        merged[step] = merge_provided(merged.get(step, ()), below)
    return _sorted(merged.items())


def print_path(path: Path) -> str:
    """A path as the field set that selects just it: `org { id }`."""
    text = ""
    for step in reversed(path):
        text = f"{step} {{ {text} }}" if text else str(step)
    return text


def _paths(nodes: Iterable[SelectionNode]) -> Iterable[Path]:
    for node in nodes:
        prefix = _steps(node)
        if node.selections:
            yield from (prefix + path for path in _paths(node.selections))
        else:
            yield prefix


def _steps(node: SelectionNode) -> Path:
    if isinstance(node, FragmentNode):
        return (Cast(node.condition),) if node.condition else ()
    return (node.name,)


def _tree(nodes: Iterable[SelectionNode]) -> Provided:
    tree: Provided = ()
    for node in nodes:
        below = _tree(node.selections)
        steps = _steps(node)
        tree = merge_provided(tree, ((steps[0], below),) if steps else below)
    return tree


def _sorted(items: Iterable[tuple[Step, Provided]]) -> Provided:
    return tuple(sorted(items, key=lambda item: str(item[0])))
