"""The objects at a plan path: quickly, and again with the client's path to each when something failed.

A plan path (`router.plan.paths`) is response keys and `EACH` element of a list; a type condition after one of
them keeps only objects of those types. `compile_collector` turns one into nested loops; `located_objects`
walks it step by step and is used only to place errors and to find the parents that context arguments need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from router.executor.codegen import Source
from router.executor.possible_types import PossibleTypes
from router.plan import Each, Parent, Path, TypeCondition

ResponsePath = tuple[str | int, ...]
Collector = Callable[[dict[str, Any]], list[dict[str, Any]]]


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


LONGEST_SEGMENT = 16
"""Steps per generated function: Python nests no more than 20 loops and 100 blocks."""


def compile_collector(steps: tuple[PathStep, ...]) -> Collector:
    """A function from the data to the objects at the path, in document order.

    A list that several objects share is gone through once. O(objects visited).
    """
    collectors = [_compile_segment(segment, index) for index, segment in enumerate(_segments(steps))]
    if len(collectors) == 1:
        return collectors[0]

    def collect(data: dict[str, Any]) -> list[dict[str, Any]]:
        found: Any = data
        for collector in collectors:
            found = collector(found)
        objects: list[dict[str, Any]] = found
        return objects

    return collect


def _segments(steps: tuple[PathStep, ...]) -> Iterator[tuple[PathStep, ...]]:
    """Cut before a response key, where only objects go on."""
    start = 0
    for index, step in enumerate(steps):
        if step.key is not None and index - start >= LONGEST_SEGMENT:
            yield steps[start:index]
            start = index
    yield steps[start:]


def _compile_segment(steps: tuple[PathStep, ...], number: int) -> Callable[[Any], list[dict[str, Any]]]:
    """The first segment takes the data, a later one the objects that the one before it found."""
    source = Source()
    lists = [index for index, step in enumerate(steps) if step.key is None]
    shared = frozenset(lists if number else lists[1:])
    source.line(0, f"def collect({'objects' if number else 'v0'}):")
    source.line(1, "out = []")
    for index in sorted(shared):
        source.line(1, f"seen{index} = set()")
    if number:
        source.line(1, "for v0 in objects:")
    depth = 2 if number else 1
    for index, step in enumerate(steps):
        depth = _write_step(source, index, step, depth, index in shared)
    last = f"v{len(steps)}"
    source.line(depth, f"if {last}.__class__ is dict: out.append({last})")
    source.line(1, "return out")
    return source.compile("collect")


def _write_step(source: Source, index: int, step: PathStep, depth: int, is_shared: bool) -> int:
    """The lines that lead from `v<index>` to `v<index + 1>`; how deep the next ones stand."""
    current, following = f"v{index}", f"v{index + 1}"
    if step.key is not None:
        source.line(depth, f"if {current}.__class__ is dict:")
        source.line(depth + 1, f"{following} = {current}.get({step.key!r})")
        depth += 1
    else:
        unseen = f" and id({current}) not in seen{index}" if is_shared else ""
        source.line(depth, f"if {current}.__class__ is list{unseen}:")
        if is_shared:
            source.line(depth + 1, f"seen{index}.add(id({current}))")
        source.line(depth + 1, f"for {following} in {current}:")
        depth += 2
    if step.types is not None:
        types = source.constant(step.types)
        source.line(
            depth,
            f"if {following}.__class__ is dict and (t := {following}.get('__typename')).__class__ is str"
            f" and t in {types}:",
        )
        depth += 1
    return depth


@dataclass(frozen=True, slots=True)
class LocatedObject:
    """An object, the client's path to it, and the objects it lies in, outermost first."""

    value: dict[str, Any]
    path: ResponsePath
    parents: tuple[dict[str, Any], ...]


def located_objects(data: Any, steps: tuple[PathStep, ...]) -> Iterator[LocatedObject]:
    """The objects the collector of `steps` finds, at every place they are."""
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
