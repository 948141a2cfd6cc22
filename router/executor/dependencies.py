"""Which step must wait for which: by the keys one writes and the other reads.

A step reads the keys along its path (with `__typename` where a condition asks for it), the fields of its
representations and the values of its context arguments; it writes what its selection answers. A step
depends on every step before it in the plan that writes something it reads. The order of the plan
(`Footprint.before`) bounds the search: a later step is never a dependency.
"""

from __future__ import annotations

from dataclasses import dataclass

from router.executor.paths import PathStep
from router.executor.selection import Keys, KeyTree
from router.plan import KeyRenamer, RequiredField, RequiredSelection


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a step touches. `before` are the steps the plan puts ahead of it; `bases` where it merges."""

    before: frozenset[int]
    reads: frozenset[Keys]
    writes: frozenset[Keys]
    bases: tuple[Keys, ...]


def dependencies(footprints: list[Footprint], *, in_plan_order: bool) -> list[frozenset[int]]:
    """O(steps squared x keys). `in_plan_order` keeps every order of the plan: mutations are serial."""
    return [
        footprint.before
        if in_plan_order
        else frozenset(i for i in footprint.before if not footprint.reads.isdisjoint(footprints[i].writes))
        for footprint in footprints
    ]


def path_reads(steps: tuple[PathStep, ...]) -> set[Keys]:
    reads: set[Keys] = set()
    keys: Keys = ()
    for step in steps:
        if step.key is not None:
            keys = (*keys, step.key)
            reads.add(keys)
        if step.types is not None:
            reads.add((*keys, "__typename"))
    return reads


def required_reads(base: Keys, selections: tuple[RequiredSelection, ...]) -> set[Keys]:
    reads: set[Keys] = {(*base, "__typename")}
    for selection in selections:
        if isinstance(selection, RequiredField):
            path = (*base, selection.name)
            reads.add(path)
            if selection.selections:
                reads |= required_reads(path, selection.selections)
        else:
            reads |= required_reads(base, selection.selections)
    return reads


def context_reads(base: Keys, rewrite: KeyRenamer) -> set[Keys]:
    keys = base
    reads: set[Keys] = set()
    for element in rewrite.path:
        if element == "..":
            keys = keys[:-1]
        elif element.startswith("... on "):
            reads.add((*keys, "__typename"))
        else:
            keys = (*keys, element)
            reads.add(keys)
    return reads


def merges_deeply(index: int, footprints: list[Footprint]) -> bool:
    """Another step writes a key this one writes (`__typename` aside, which is the same from everyone)."""
    own = footprints[index].writes
    return any(
        key[-1] != "__typename" and key in own
        for other, footprint in enumerate(footprints)
        if other != index
        for key in footprint.writes
    )


def must_clone(index: int, base: Keys, tree: KeyTree, footprints: list[Footprint], *, deep: bool) -> bool:
    """Objects inside this step's entities are filled by other steps, so no two parents may share them."""
    if tree.is_flat:
        return False
    depth = len(base)
    return deep or any(
        len(other_base) > depth and other_base[:depth] == base
        for other, footprint in enumerate(footprints)
        if other != index
        for other_base in footprint.bases
    )
