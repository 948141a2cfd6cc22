"""The quick way for one operation, where there is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import msgspec

from router.executor.dependencies import Sharing
from router.executor.entity_part import EntityPart
from router.executor.entity_step import EntityStep
from router.executor.paths import PathStep
from router.executor.possible_types import PossibleTypes
from router.executor.projection.shape import ObjectShape
from router.executor.representations import flat_keys, is_mentioned
from router.executor.root_step import RootStep
from router.executor.steps import Step, StepGraph, Target
from router.executor.typed.generate import Hide, Represented, compile_gather, compile_hide, compile_merge
from router.executor.typed.positions import NotTyped, Position, positions
from router.executor.typed.steps import Decoder, TypedEntityStep, TypedPart, TypedRootStep
from router.executor.typed.structs import Structs, StructType, entities_type, struct_of
from router.json import encode_struct


@dataclass(frozen=True, slots=True)
class TypedOperation:
    """`graph` is the operation's with typed steps in it."""

    graph: StepGraph
    root: StructType
    hide: Hide
    answer: StructType

    def encode(self, root: Any) -> bytes | None:
        """The body of the response; None when some field has no value, and the type names are back then."""
        hidden: list[tuple[Any, str, str]] = []
        try:
            self.hide(root, hidden.append)
            return encode_struct(self.answer(root))
        except TypeError:
            for obj, attribute, name in reversed(hidden):  # A shared object was here several times.
                setattr(obj, attribute, name)
            return None


def compile_typed(graph: StepGraph, shape: ObjectShape, possible: PossibleTypes) -> TypedOperation | None:
    """None for an operation with something this way does not know. O(steps x positions)."""
    try:
        return _Compiler(graph, shape, possible).operation()
    except NotTyped:
        return None


class _Compiler:
    def __init__(self, graph: StepGraph, shape: ObjectShape, possible: PossibleTypes) -> None:
        self._graph = graph
        self._possible = possible
        self._root = positions(shape)
        self._structs = Structs()
        self._places: dict[int, list[Represented]] = {}

    def operation(self) -> TypedOperation:
        for step in self._graph.steps:
            self._add(step)
        if not all(position.is_complete() for position in self._root.all()):
            raise NotTyped
        self._consume()
        steps = tuple(self._typed(step) for step in self._graph.steps)
        root = self._structs.of(self._root)
        answer = msgspec.defstruct("Response", [("data", root)], gc=False, eq=False)
        hide = compile_hide(self._root, self._structs, self._left_to_hide())
        return TypedOperation(replace(self._graph, steps=steps), root, hide, answer)

    def _add(self, step: Step) -> None:
        match step:
            case RootStep(output_rewrites=(), target=None, merges_deeply=False):
                self._root.add(step.tree)
            case EntityStep(contexts=()):
                for part in step.parts:
                    self._add_part(part)
            case _:
                raise NotTyped

    def _add_part(self, part: EntityPart) -> None:
        shares = part.sharing is Sharing.ALL or (
            part.sharing is Sharing.OF_ONE_PATH and len(part.targets) == 1
        )
        if part.output_rewrites or part.input_rewrites or part.merges_deeply or not shares:
            raise NotTyped
        for target in part.targets:
            self._position(target).add(part.tree)

    def _position(self, target: Target) -> Position:
        position = self._root
        for step, following in pairwise((*target.steps, PathStep(""))):
            if step.key is not None:
                position = position.child(step.key)
            if step.types is not None and (following.key is None or not _tells(position, step.types)):
                raise NotTyped
        return position

    def _consume(self) -> None:
        """Finds for every part what it reads where, and which hidden keys it is the only one to read."""
        parts = [part for step in self._graph.steps if isinstance(step, EntityStep) for part in step.parts]
        read = [
            (part, target, position, self._keys(part, target, position))
            for part in parts
            for target in part.targets
            for position in [self._position(target)]
        ]
        readers = Counter(
            (position, key)
            for _, _, position, kinds in read
            for key in dict.fromkeys(("__typename", *(key for kind in kinds for key in kind)))
        )
        for part, target, position, kinds in read:
            for keys, types in kinds.items():
                # Objects of several types are gone through at the end in any case, and need their names.
                consumed = frozenset(
                    key
                    for key in (() if position.is_abstract else position.hidden)
                    if readers[position, key] == 1 and key in ("__typename", *keys)
                )
                non_null = frozenset().union(*(self._possible.non_null.get(name, ()) for name in types))
                place = Represented(
                    target.steps, position, types, keys, consumed, non_null.intersection(keys)
                )
                self._places.setdefault(id(part), []).append(place)

    def _keys(
        self, part: EntityPart, target: Target, position: Position
    ) -> dict[tuple[str, ...], frozenset[str]]:
        """The fields of representations, all of them leaves that are there, and the types that have them."""
        wanted = target.steps[-1].types if target.steps else None
        kinds: dict[tuple[str, ...], frozenset[str]] = {}
        for name in position.types:
            if (wanted is not None and name not in wanted) or not is_mentioned(
                name, part.requires, self._possible
            ):
                continue
            flat = flat_keys(name, part.requires, (), self._possible)
            if flat is None:
                raise NotTyped
            self._check_keys(position, flat[1])
            kinds[flat[1]] = kinds.get(flat[1], frozenset()) | {name}
        return kinds

    def _check_keys(self, position: Position, keys: tuple[str, ...]) -> None:
        for key in ("__typename", *keys):
            name = position.fields[key].name if key in position.fields else key
            is_typename = name == "__typename"
            if (
                key not in position.fetched
                or key in position.children
                or is_typename != (key == "__typename")
            ):
                raise NotTyped

    def _left_to_hide(self) -> dict[Position, tuple[str, ...]]:
        consumed = {
            (place.position, key)
            for places in self._places.values()
            for place in places
            for key in place.consumed
        }
        return {
            position: tuple(key for key in position.hidden if (position, key) not in consumed)
            for position in self._root.all()
        }

    def _typed(self, step: Step) -> Step:
        if isinstance(step, RootStep):
            attributes = tuple(self._root.attribute(key) for key in step.tree.children)
            return TypedRootStep(step, Decoder(self._structs.of(self._root)), attributes)
        assert isinstance(step, EntityStep)
        entities = [self._entity(part) for part in step.parts]
        data = struct_of(
            "Entities",
            [
                (part.alias, entities_type(entity), None)
                for part, entity in zip(step.parts, entities, strict=True)
            ],
        )
        parts = tuple(
            self._part(part, f"f{number}", entity)
            for number, (part, entity) in enumerate(zip(step.parts, entities, strict=True))
        )
        return TypedEntityStep(step, Decoder(data), parts)

    def _entity(self, part: EntityPart) -> StructType:
        return self._structs.entity(part.tree, (place.position for place in self._places.get(id(part), ())))

    def _part(self, part: EntityPart, attribute: str, entity: StructType) -> TypedPart:
        places = self._places.get(id(part), [])
        # One target for each structure, whichever position of it.
        targets = {self._structs.of(place.position): place.position for place in places}
        merge = compile_merge(entity, targets.values())
        return TypedPart(part, attribute, compile_gather(self._root, self._structs, places), merge)


def _tells(position: Position, types: frozenset[str]) -> bool:
    """Whether objects there can be told by their type: several need names, one is it or is not."""
    if position.is_abstract:
        return "__typename" in position.fetched
    return position.name in types
