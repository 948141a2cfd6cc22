"""Which step must wait for which: by the keys one writes and the other reads.

A step reads the keys along its path (with `__typename` where a condition asks for it), the fields of its
representations and the values of its context arguments; it writes what its selection answers. A step
depends on every step before it in the plan that writes something it reads. The order of the plan
(`Footprint.before`) bounds the search: a later step is never a dependency.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from router.executor.paths import PathStep
from router.executor.selection import Keys, KeyTree
from router.plan import KeyRenamer, RequiredField, RequiredSelection


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a step touches. `before` are the steps the plan puts ahead of it; `paths` where it merges.

    `part_writes` has an entry for each `_entities` field of a batch, else one.

    `depends_on_place`: what it answers depends on where an object is, not only on its representation.
    """

    before: frozenset[int]
    reads: frozenset[Keys]
    part_writes: tuple[frozenset[Keys], ...]
    paths: tuple[tuple[PathStep, ...], ...]
    depends_on_place: bool

    @property
    def writes(self) -> frozenset[Keys]:
        return frozenset().union(*self.part_writes)


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


def merges_deeply(index: int, part: int, footprints: list[Footprint]) -> bool:
    """Something else writes a key this part writes (`__typename` aside, which is the same from everyone)."""
    own = footprints[index].part_writes[part]
    return any(
        key[-1] != "__typename" and key in own
        for number, footprint in enumerate(footprints)
        for other, writes in enumerate(footprint.part_writes)
        if (number, other) != (index, part)
        for key in writes
    )


class Sharing(Enum):
    """Which objects with equal representations may have the entity's inner objects in common.

    Sharing is what makes an answer with much repetition cheap: what lies in shared objects is fetched for,
    merged and projected once. It is right where every place that shares is filled alike by later steps.
    """

    ALL = "all"
    OF_ONE_PATH = "of one path"
    NOBODY = "nobody"


def sharing(paths: list[tuple[PathStep, ...]], tree: KeyTree, footprints: list[Footprint]) -> Sharing:
    """How far the entities that are merged at `paths` may be shared. O(steps x paths).

    Fetches below one of the paths fill its objects only: another path needs its own. When they reach
    them under type conditions that this step does not have, or take arguments from above
    (`Footprint.depends_on_place`), even two objects of one path may differ inside.
    """
    if tree.is_flat:
        return Sharing.ALL
    below = [
        (footprint, other)
        for footprint in footprints
        for other in footprint.paths
        if any(_is_below(other, path) for path in paths)
    ]
    if any(
        footprint.depends_on_place or not any(other[: len(path)] == path for path in paths)
        for footprint, other in below
    ):
        return Sharing.NOBODY
    return Sharing.OF_ONE_PATH if below else Sharing.ALL


def _is_below(other: tuple[PathStep, ...], path: tuple[PathStep, ...]) -> bool:
    """Whether `other` leads through the objects of `path`, type conditions aside."""
    return len(other) > len(path) and all(
        theirs.key == ours.key for theirs, ours in zip(other, path, strict=False)
    )
