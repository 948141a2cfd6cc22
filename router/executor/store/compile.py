"""The structures of an operation, where it can have them, and its steps with the code for those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import msgspec

from router.executor.code.gather import Represented, compile_gather, compile_gather_of
from router.executor.code.layout import TYPENAME
from router.executor.code.loops import compile_collect, compile_rows
from router.executor.code.representation import Kind, kinds_of
from router.executor.dependencies import ResponseSteps, Sharing
from router.executor.entity_step import EntityStep
from router.executor.in_flight import EntityPart
from router.executor.paths import PathStep, response_keys
from router.executor.possible_types import PossibleTypes
from router.executor.projection.shape import ObjectShape
from router.executor.root_step import RootStep
from router.executor.selection import KeyTree
from router.executor.steps import Step, StepGraph
from router.executor.store.hiding import compile_hide
from router.executor.store.layout import StructLayout
from router.executor.store.merging import Filled, Kept, Slot, compile_merge, kept_of
from router.executor.store.positions import NotTyped, Position, positions
from router.executor.store.structs import Structs, StructType, entities_type, struct_of
from router.executor.store.structures import (
    Decoder,
    OperationStructures,
    StructEntityCode,
    StructPart,
    StructRootCode,
)
from router.plan import KeyRenamer, RequiredFragment, RequiredSelection, Rewrite
from router.plan.paths import response_keys as plan_keys


def compile_structures(
    graph: StepGraph, shape: ObjectShape, possible: PossibleTypes
) -> tuple[StepGraph, OperationStructures] | None:
    """None for an operation with something that structures do not know. O(steps x positions)."""
    try:
        return _Compiler(graph, shape, possible).operation()
    except NotTyped:
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """The objects that a part is asked for at one of its paths."""

    path: ResponseSteps
    position: Position
    kinds: tuple[Kind, ...]


class _Compiler:
    def __init__(self, graph: StepGraph, shape: ObjectShape, possible: PossibleTypes) -> None:
        self._graph = graph
        self._possible = possible
        self._root = positions(shape)
        self._structs = Structs()
        self._layout = StructLayout(self._root, self._structs)
        self._places: dict[int, list[_Place]] = {}
        self._readers: Counter[tuple[Position, str]] = Counter()

    def operation(self) -> tuple[StepGraph, OperationStructures]:
        for step in self._graph.steps:
            for path in _paths(step):
                self._reveal(path)
        for step in self._graph.steps:
            self._add(step)
        if not all(position.is_complete() for position in self._root.all()):
            raise NotTyped
        for part in self._all_parts():
            self._places[id(part)] = [self._place(part, path) for path in part.paths]
        self._count_readers()
        steps = tuple(self._with_code(step) for step in self._graph.steps)
        root = self._structs.of(self._root)
        answer = msgspec.defstruct("Response", [("data", root)], gc=False, eq=False)
        hide = compile_hide(self._layout, self._left_to_hide())
        introspected = tuple(
            (key, self._root.attribute(key)) for key, each in self._root.fields.items() if each.type is None
        )
        return replace(self._graph, steps=steps), OperationStructures(root, answer, hide, introspected)

    def _add(self, step: Step) -> None:
        match step:
            case RootStep(output_rewrites=()):
                self._position(step.target or ()).add(step.tree)
            case EntityStep():
                for part in step.parts:
                    own = _own_names(part.tree, _renames(part.output_rewrites))
                    for path in part.paths:
                        position = self._position(path)
                        position.names_itself |= position.is_abstract and position.name in _named(
                            part.requires
                        )
                        position.add(own)
            case _:
                raise NotTyped

    def _all_parts(self) -> Iterator[EntityPart]:
        for step in self._graph.steps:
            if isinstance(step, EntityStep):
                yield from step.parts

    def _reveal(self, path: ResponseSteps) -> None:
        """Objects that are only there for others to be found below them have positions too."""
        position = self._root
        for key in response_keys(path):
            position = position.reveal(key, self._possible)

    def _position(self, path: ResponseSteps) -> Position:
        position = self._root
        for step, following in pairwise((*path, PathStep(""))):
            if step.key is not None:
                position = position.child(step.key)
            if step.types is not None and (following.key is None or not _tells(position, step.types)):
                raise NotTyped
        return position

    def _place(self, part: EntityPart, path: ResponseSteps) -> _Place:
        position = self._position(path)
        wanted = path[-1].types if path else None
        names = (*position.types, position.name) if position.names_itself else position.types
        kinds = kinds_of(
            (name for name in names if wanted is None or name in wanted),
            part.requires,
            part.input_rewrites,
            self._possible,
        )
        readable = tuple(kind for kind in kinds if _is_readable(position, kind))
        if TYPENAME not in position.fetched or (kinds and not readable):
            raise NotTyped
        return _Place(path, position, readable)

    def _count_readers(self) -> None:
        """Who reads which key where: a hidden key with one reader is taken out as it is read."""
        for step in self._graph.steps:
            if isinstance(step, EntityStep):
                for part in step.parts:
                    for place in self._places[id(part)]:
                        self._count(part, place)
                for read in step.contexts:
                    for path in step.parts[0].paths:
                        self._count_twice(_above(self._root, path, read.climbs))

    def _count(self, part: EntityPart, place: _Place) -> None:
        keys = {TYPENAME} | {key for kind in place.kinds for key in kind.keys}
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

    def _consumed(self, position: Position, kind: Kind) -> frozenset[str]:
        """Objects of several types are gone through at the end in any case, and need their names."""
        if position.is_abstract or kind.build is not None:
            return frozenset()
        return frozenset(
            key
            for key in (TYPENAME, *kind.keys)
            if key in position.hidden and self._readers[position, key] == 1 and position.fetched[key] == 1
        )

    def _left_to_hide(self) -> dict[Position, tuple[str, ...]]:
        consumed = {
            (place.position, key)
            for places in self._places.values()
            for place in places
            for kind in place.kinds
            for key in self._consumed(place.position, kind)
        }
        return {
            position: tuple(key for key in position.hidden if (position, key) not in consumed)
            for position in self._root.all()
        }

    def _with_code(self, step: Step) -> Step:
        if isinstance(step, RootStep):
            return replace(step, codes=replace(step.codes, structures=self._root_code(step)))
        assert isinstance(step, EntityStep)
        return replace(step, codes=replace(step.codes, structures=self._entity_code(step)))

    def _root_code(self, step: RootStep) -> StructRootCode:
        position = self._position(step.target or ())
        return StructRootCode(
            Decoder(self._structs.of(position)),
            compile_collect(self._layout, step.target) if step.target is not None else None,
            tuple((position.attribute(key), key in step.contested) for key in step.tree.children),
            kept_of(self._structs, position, step.tree) if step.contested else None,
            self._possible.objects,
        )

    def _entity_code(self, step: EntityStep) -> StructEntityCode:
        entities = [self._entity(part) for part in step.parts]
        fields = [
            (part.alias, entities_type(entity), None)
            for part, entity in zip(step.parts, entities, strict=True)
        ]
        parts = tuple(
            self._part(part, f"f{number}", entity, is_direct=bool(step.contexts))
            for number, (part, entity) in enumerate(zip(step.parts, entities, strict=True))
        )
        climbs = tuple(read.climbs for read in step.contexts)
        rows = compile_rows(self._layout, step.parts[0].paths, climbs) if step.contexts else None
        return StructEntityCode(
            Decoder(struct_of("Entities", fields)), parts, step.contexts, rows, self._possible
        )

    def _entity(self, part: EntityPart) -> StructType:
        targets = [place.position for place in self._places[id(part)] if place.kinds]
        return self._structs.entity(_fields(part), targets)

    def _part(self, part: EntityPart, attribute: str, entity: StructType, *, is_direct: bool) -> StructPart:
        places = self._places[id(part)]
        slots: dict[tuple[int, StructType], Position] = {}
        represented = []
        for place, apart in zip(places, part.slots, strict=True):
            key = (apart, self._structs.of(place.position))
            if place.kinds:
                slots.setdefault(key, place.position)
            number = list(slots).index(key) if key in slots else 0
            kinds = tuple(
                replace(kind, consumed=self._consumed(place.position, kind)) for kind in place.kinds
            )
            represented.append(Represented(place.path, kinds, number))
        if is_direct:
            gather = compile_gather_of(self._layout, represented, [place.position for place in places])
        else:
            gather = compile_gather(self._layout, represented)
        merge = compile_merge(
            self._filled(part, entity, slots.values()), _slots(part, slots.values()), self._possible.objects
        )
        return StructPart(part, attribute, gather, merge, self._kept(part))

    def _filled(self, part: EntityPart, entity: StructType, targets: Iterable[Position]) -> list[Filled]:
        children = {key for target in targets for key in target.children}
        return [
            Filled(
                name, own, own in part.contested, own in children or bool(part.tree.children[key].children)
            )
            for name, (key, own) in zip(entity.__struct_fields__, _fields(part), strict=False)
        ]

    def _kept(self, part: EntityPart) -> Kept | None:
        places = [place for place in self._places[id(part)] if place.kinds]
        if not part.contested or not places:
            return None
        entity = self._entity(part)
        own = {key: entity.attributes[key] for key in part.tree.children}
        position = places[0].position
        renames = _renames(part.output_rewrites)
        pairs = (
            (own[key], kept_of(self._structs, position.children[renames.get(key, key)], below))
            for key, below in part.tree.children.items()
            if renames.get(key, key) in position.children
        )
        inner = tuple((attribute, kept) for attribute, kept in pairs if kept is not None)
        return Kept((), inner) if inner else None


def _paths(step: Step) -> tuple[ResponseSteps, ...]:
    """Where a step finds objects."""
    if isinstance(step, EntityStep):
        return tuple(path for part in step.parts for path in part.paths)
    return (step.target,) if isinstance(step, RootStep) and step.target is not None else ()


def _fields(part: EntityPart) -> list[tuple[str, str]]:
    """The keys of an entity, each with the key of the object that it fills."""
    renames = _renames(part.output_rewrites)
    return [(key, renames.get(key, key)) for key in part.tree.children]


def _renames(rewrites: Iterable[Rewrite]) -> dict[str, str]:
    """By the answered key. Raises `NotTyped` for rewrites of anything deeper."""
    renames: dict[str, str] = {}
    for rewrite in rewrites:
        keys = plan_keys(rewrite.path)
        if not isinstance(rewrite, KeyRenamer) or len(keys) != 1:
            raise NotTyped
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
            raise NotTyped
    return own


def _named(selections: Iterable[RequiredSelection]) -> Iterator[str]:
    """The types that conditions name."""
    for selection in selections:
        if isinstance(selection, RequiredFragment):
            if selection.type_condition is not None:
                yield selection.type_condition
            yield from _named(selection.selections)


def _tells(position: Position, types: frozenset[str]) -> bool:
    """Whether objects there can be told by their type: several need names, one is it or is not."""
    if position.is_abstract:
        return TYPENAME in position.fetched
    return position.name in types


def _is_readable(position: Position, kind: Kind) -> bool:
    """Whether fetches answer the keys at all. Raises `NotTyped` where a key means something else there."""
    for key in (TYPENAME, *kind.keys):
        name = position.fields[key].name if key in position.fields else key
        if (name == TYPENAME) != (key == TYPENAME):
            raise NotTyped
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


def _slots(part: EntityPart, targets: Iterable[Position]) -> list[Slot]:
    shares_objects = not part.tree.is_flat
    own_copies = shares_objects and (bool(part.contested) or part.sharing is Sharing.NOBODY)
    apart = shares_objects and part.sharing is Sharing.OF_ONE_PATH
    return [Slot(target, own_copies, apart and number > 0) for number, target in enumerate(targets)]
