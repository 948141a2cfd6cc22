"""What the steps of an operation put where, and who reads it: its positions with the keys of all fetches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from router.executor.code.layout import TYPENAME
from router.executor.code.representation import Kind, kinds_of
from router.executor.dependencies import ResponseSteps
from router.executor.entity_step import EntityStep
from router.executor.in_flight import EntityPart
from router.executor.paths import PathStep, response_keys
from router.executor.possible_types import PossibleTypes
from router.executor.projection.shape import ObjectShape
from router.executor.root_step import RootStep
from router.executor.selection import KeyTree
from router.executor.steps import Step, StepGraph
from router.executor.store.positions import NoStructures, Position, positions
from router.plan import KeyRenamer, RequiredFragment, RequiredSelection, Rewrite
from router.plan.paths import response_keys as plan_keys


@dataclass(frozen=True, slots=True)
class Place:
    """The objects that a part is asked for at one of its paths. `is_whole`: all there are at the position.

    `known_type` is the type of them all, where the plan knows it.
    """

    path: ResponseSteps
    known_type: str | None
    position: Position
    kinds: tuple[Kind, ...]
    is_whole: bool


class Holdings:
    """Raises `NoStructures` for an operation with something structures do not know. O(steps x positions)."""

    def __init__(self, graph: StepGraph, shape: ObjectShape, possible: PossibleTypes) -> None:
        self._graph = graph
        self._possible = possible
        self.root = positions(shape)
        self._readers: Counter[tuple[Position, str]] = Counter()
        trees = [tree for step in graph.steps for tree in _trees(step)]
        self._names = {key: name for tree in trees for key, name in tree.aliases()}
        for step in graph.steps:
            for path in _paths(step):
                self._reveal(path)
        for step in graph.steps:
            self._add(step)
        if not all(position.is_complete() for position in self.root.all()):
            raise NoStructures("a field that nobody fetches")
        if any(_is_of_unknown_parents(position) for position in self.root.all()):
            raise NoStructures("a type has other fields by the type around it, which is not known")
        self._places = {
            id(part): [self._place(part, path, known) for path, known, _ in part.represented()]
            for part in self._all_parts()
        }
        self._count_readers()

    def places(self, part: EntityPart) -> list[Place]:
        """One for each path of the part."""
        return self._places[id(part)]

    def _add(self, step: Step) -> None:
        match step:
            case RootStep(output_rewrites=()):
                self.position(step.target or ()).add(step.tree)
            case EntityStep():
                for part in step.parts:
                    own = _own_names(part.tree, renames_of(part.output_rewrites))
                    for path in part.paths:
                        position = self.position(path)
                        position.names_itself |= position.is_abstract and position.name in _named(
                            part.requires
                        )
                        position.add(own)
            case _:
                raise NoStructures("rewrites of root fields")

    def _all_parts(self) -> Iterator[EntityPart]:
        for step in self._graph.steps:
            if isinstance(step, EntityStep):
                yield from step.parts

    def _reveal(self, path: ResponseSteps) -> None:
        """Objects that are only there for others to be found below them have positions too."""
        position = self.root
        for key in response_keys(path):
            position = position.reveal(key, self._names.get(key, key), self._possible)

    def position(self, path: ResponseSteps) -> Position:
        position = self.root
        for step, following in pairwise((*path, PathStep(""))):
            if step.key is not None:
                position = position.child(step.key)
            if step.types is not None and (following.key is None or not _tells(position, step.types)):
                raise NoStructures("a type condition where no type is known")
        return position

    def _place(self, part: EntityPart, path: ResponseSteps, known_type: str | None) -> Place:
        position = self.position(path)
        wanted = path[-1].types if path else None
        names = (*position.types, position.name) if position.names_itself else position.types
        kinds = kinds_of(
            (name for name in names if wanted is None or name in wanted),
            part.requires,
            part.input_rewrites,
            self._possible,
        )
        readable = tuple(kind for kind in kinds if _is_readable(position, kind))
        is_told = known_type is not None or TYPENAME in position.fetched
        if not is_told or (kinds and not readable):
            raise NoStructures("representations of what nobody fetches")
        return Place(path, known_type, position, readable, all(step.types is None for step in path))

    def _count_readers(self) -> None:
        """Who reads which key where: a hidden key with one reader is taken out as it is read."""
        for step in self._graph.steps:
            if isinstance(step, EntityStep):
                for part in step.parts:
                    for place in self.places(part):
                        self._count(part, place)
                for read in step.contexts:
                    for path in step.parts[0].paths:
                        self._count_twice(_above(self.root, path, read.climbs))

    def _count(self, part: EntityPart, place: Place) -> None:
        keys = {key for kind in place.kinds for key in kind.keys}
        if place.known_type is None:
            keys.add(TYPENAME)
        for key in keys:
            self._readers[place.position, key] += 1
            if key in place.position.children:
                self._count_twice(place.position.children[key])
        if any(kind.build is not None for kind in place.kinds):
            for key in keys:
                self._readers[place.position, key] += 1

    def _count_twice(self, position: Position) -> None:
        """Somebody reads of all that is there."""
        for each in position.all():
            for key in each.hidden:
                self._readers[each, key] += 2

    def consumed(self, place: Place, kind: Kind) -> frozenset[str]:
        """The keys to take out as they are read.

        Objects of several types are gone through at the end in any case, and need their names.
        """
        position = place.position
        if position.is_abstract or kind.build is not None or not place.is_whole:
            return frozenset()
        return frozenset(
            key
            for key in (kind.keys if place.known_type is not None else (TYPENAME, *kind.keys))
            if key in position.hidden and self._readers[position, key] == 1 and position.fetched[key] == 1
        )

    def left_to_hide(self) -> dict[Position, tuple[str, ...]]:
        consumed = {
            (place.position, key)
            for places in self._places.values()
            for place in places
            for kind in place.kinds
            for key in self.consumed(place, kind)
        }
        return {
            position: tuple(key for key in position.hidden if (position, key) not in consumed)
            for position in self.root.all()
        }


def _paths(step: Step) -> tuple[ResponseSteps, ...]:
    """Where a step finds objects."""
    if isinstance(step, EntityStep):
        return tuple(path for part in step.parts for path in part.paths)
    return (step.target,) if isinstance(step, RootStep) and step.target is not None else ()


def _trees(step: Step) -> Iterator[KeyTree]:
    """What a step answers."""
    if isinstance(step, RootStep):
        yield step.tree
    elif isinstance(step, EntityStep):
        yield from (part.tree for part in step.parts)


def fields_of(part: EntityPart) -> list[tuple[str, str]]:
    """The keys of an entity, each with the key of the object that it fills."""
    renames = renames_of(part.output_rewrites)
    return [(key, renames.get(key, key)) for key in part.tree.children]


def renames_of(rewrites: Iterable[Rewrite]) -> dict[str, str]:
    """By the answered key. Raises `NoStructures` for rewrites of anything deeper."""
    renames: dict[str, str] = {}
    for rewrite in rewrites:
        keys = plan_keys(rewrite.path)
        if not isinstance(rewrite, KeyRenamer) or len(keys) != 1:
            raise NoStructures("rewrites deep in an entity")
        renames[keys[0]] = rewrite.rename_to
    return renames


def _own_names(tree: KeyTree, renames: dict[str, str]) -> KeyTree:
    """What is there once the rewrites have been made."""
    if not renames:
        return tree
    own = KeyTree()
    for key, below in tree.children.items():
        name = renames.get(key, key)
        if own.children.setdefault(name, below) is not below and below.children:
            raise NoStructures("objects under two names")
    return own


def _named(selections: Iterable[RequiredSelection]) -> Iterator[str]:
    """The types that conditions name."""
    for selection in selections:
        if isinstance(selection, RequiredFragment):
            if selection.type_condition is not None:
                yield selection.type_condition
            yield from _named(selection.selections)


def _is_of_unknown_parents(position: Position) -> bool:
    """Whether what lies in objects there depends on their type, which is not known."""
    depends = any(child.by_parent for child in position.children.values())
    return depends and not (position.is_abstract and TYPENAME in position.fetched)


def _tells(position: Position, types: frozenset[str]) -> bool:
    """Whether objects there can be told by their type: several need names, one is it or is not."""
    if position.is_abstract:
        return TYPENAME in position.fetched
    return position.name in types


def _is_readable(position: Position, kind: Kind) -> bool:
    """Whether fetches answer the keys at all. Raises `NoStructures` where a key means something else."""
    for key in (TYPENAME, *kind.keys):
        name = position.fields[key].name if key in position.fields else key
        if (name == TYPENAME) != (key == TYPENAME):
            raise NoStructures("a type name under a field's name")
    return kind.build is not None or all(
        key in position.fetched and key not in position.children for key in kind.keys
    )


def _above(root: Position, path: ResponseSteps, climbs: int) -> Position:
    """The objects so far above those at a path."""
    keys = [step.key for step in path if step.key is not None]
    position = root
    for key in keys[: max(len(keys) - climbs, 0)]:
        position = position.child(key)
    return position
