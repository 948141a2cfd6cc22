"""From the root of an operation's data to the objects at a path: nested loops, written out.

Python nests no more than 20 loops, so long paths are cut: what was found so far is gone through again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from router.executor.code.layout import Layout, P, new_source
from router.executor.code.source import Source
from router.executor.paths import PathStep

LONGEST = 16
"""Steps without a cut."""


@dataclass(frozen=True, slots=True)
class Found(Generic[P]):
    """Inside the loops: how deep, the variable of the object and what is known of it.

    `above` are the variables of the objects it lies in, outermost first.
    """

    depth: int
    variable: str
    place: P
    above: tuple[str, ...]


def write_loops(
    source: Source, layout: Layout[P], path: tuple[PathStep, ...], *, everywhere: bool = False
) -> Found[P]:
    """A list that several objects share is gone through once, but `everywhere` at each of its places.

    O(objects on the way) at run time.
    """
    place, depth, variable = layout.root, 1, "root"
    above: list[str] = []
    shared = frozenset() if everywhere else _shared_lists(path)
    _write_start(source, path, shared)
    for number, step in enumerate(path):
        if number and number % LONGEST == 0:
            depth = _write_cut(source, depth, number, (*above, variable))
        current, variable = variable, f"v{number}"
        if step.key is not None:
            source.line(depth, f"{variable} = {layout.value(place, current, step.key)}")
            above.append(current)
            place = layout.inner(place, step.key)
        else:
            depth = _write_list(source, depth, current, variable, number if number in shared else None)
        if number + 1 == len(path) or path[number + 1].key is not None or step.types is not None:
            source.line(depth, f"if {layout.is_object(source, place, variable)}:")
            depth += 1
            condition = None if step.types is None else layout.is_of(source, place, variable, step.types)
            if condition is not None:
                source.line(depth, f"if {condition}:")
                depth += 1
    return Found(depth, variable, place, tuple(above))


def _shared_lists(path: tuple[PathStep, ...]) -> frozenset[int]:
    """The lists that several objects may share: those below another."""
    lists = [number for number, step in enumerate(path) if step.key is None]
    return frozenset(lists[1:])


def _write_start(source: Source, path: tuple[PathStep, ...], shared: frozenset[int]) -> None:
    for number in sorted(shared):
        source.line(1, f"seen{number} = set()")
    for number in range(LONGEST, len(path), LONGEST):
        source.line(1, f"found{number} = []")


def _write_list(source: Source, depth: int, current: str, variable: str, seen: int | None) -> int:
    is_new = f" and id({current}) not in seen{seen}" if seen is not None else ""
    source.line(depth, f"if {current}.__class__ is list{is_new}:")
    if seen is not None:
        source.line(depth + 1, f"seen{seen}.add(id({current}))")
    source.line(depth + 1, f"for {variable} in {current}:")
    return depth + 2


def _write_cut(source: Source, depth: int, number: int, variables: tuple[str, ...]) -> int:
    own = [variable for variable in variables if variable != "root"]
    whole = own[0] if len(own) == 1 else f"({', '.join(own)})"
    source.line(depth, f"found{number}.append({whole})")
    source.line(1, f"for {whole} in found{number}:")
    return 2


Collect = Callable[[Any], list[Any]]
"""From the root to the objects at a path, in document order."""


def compile_collect(layout: Layout[Any], path: tuple[PathStep, ...]) -> Collect:
    source = new_source()
    source.line(0, "def collect(root):")
    source.line(1, "out = []")
    found = write_loops(source, layout, path)
    source.line(found.depth, f"out.append({found.variable})")
    source.line(1, "return out")
    return source.compile("collect")


Rows = Callable[[Any], list[list[Any]]]
"""For each path the objects there, as (an object above for each of `climbs`, the object)."""


def compile_rows(
    layout: Layout[Any], paths: tuple[tuple[PathStep, ...], ...], climbs: tuple[int, ...]
) -> Rows:
    """`climbs` say how many objects up; 0 is the object itself, one too many is None."""
    source = new_source()
    source.line(0, "def rows(root):")
    for number, path in enumerate(paths):
        source.line(1, f"out{number} = []")
        found = write_loops(source, layout, path, everywhere=True)
        around = (*found.above, found.variable)
        starts = [around[-1 - up] if up < len(around) else "None" for up in climbs]
        source.line(found.depth, f"out{number}.append(({', '.join((*starts, found.variable))},))")
    source.line(1, f"return [{', '.join(f'out{number}' for number in range(len(paths)))}]")
    return source.compile("rows")
