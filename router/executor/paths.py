"""A plan's paths, and the objects there with the client's path to each.

A plan path (`router.plan.paths`) is response keys and `EACH` element of a list; a type condition after one of
them keeps only objects of those types. `code/loops.py` writes loops for one; `located_objects` walks it step
by step and is used only to place errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from router.executor.possible_types import PossibleTypes
from router.plan import Each, Parent, Path, TypeCondition

ResponsePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PathStep:
    """`key` is None for `@`. `types` is None without a type condition."""

    key: str | None
    types: frozenset[str] | None = None


def path_steps(path: Path, possible: PossibleTypes) -> tuple[PathStep, ...]:
    """The path with its type conditions on the steps they follow, as sets of object types."""
    steps: list[PathStep] = []
    for step in path:
        match step:
            case TypeCondition(types):
                last = steps.pop() if steps else PathStep(None)
                steps.append(PathStep(last.key, possible.matching_any(types)))
            case Each():
                steps.append(PathStep(None))
            case str():
                if step:
                    steps.append(PathStep(step))
            case Parent():
                raise ValueError("a plan path does not climb")
            case _:
                assert_never(step)
    return tuple(steps)


def response_keys(steps: tuple[PathStep, ...]) -> tuple[str, ...]:
    """The path without lists: where in the operation it is."""
    return tuple(step.key for step in steps if step.key is not None)


@dataclass(frozen=True, slots=True)
class LocatedObject:
    """An object, the client's path to it, and the objects it lies in, outermost first."""

    value: dict[str, Any]
    path: ResponsePath
    parents: tuple[dict[str, Any], ...]


def located_objects(data: Any, steps: tuple[PathStep, ...]) -> Iterator[LocatedObject]:
    """The objects at the path, at every place they are. O(places)."""
    yield from _locate(data, steps, (), ())


def _locate(
    value: Any,
    steps: tuple[PathStep, ...],
    path: ResponsePath,
    parents: tuple[dict[str, Any], ...],
) -> Iterator[LocatedObject]:
    if not steps:
        if isinstance(value, dict):
            yield LocatedObject(value, path, parents)
        return
    step, rest = steps[0], steps[1:]
    if step.key is None:
        if isinstance(value, list):
            for index, element in enumerate(value):
                if _has_type(element, step.types):
                    yield from _locate(element, rest, (*path, index), parents)
    elif isinstance(value, dict):
        child = value.get(step.key)
        if _has_type(child, step.types):
            yield from _locate(child, rest, (*path, step.key), (*parents, value))


def _has_type(value: Any, types: frozenset[str] | None) -> bool:
    if types is None:
        return True
    typename = value.get("__typename") if isinstance(value, dict) else None
    return isinstance(typename, str) and typename in types
