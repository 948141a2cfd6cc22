"""The structures of an operation, where it can have them, and its steps with the code for those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import msgspec

from router.executor.code.gather import Represented, compile_gather, compile_gather_of
from router.executor.code.loops import compile_collect, compile_rows
from router.executor.dependencies import Sharing
from router.executor.entity_step import EntityStep
from router.executor.in_flight import EntityPart
from router.executor.possible_types import PossibleTypes
from router.executor.projection.shape import ObjectShape
from router.executor.root_step import RootStep
from router.executor.steps import Step, StepGraph
from router.executor.store.hiding import compile_hide
from router.executor.store.holdings import Holdings, fields_of, renames_of
from router.executor.store.layout import StructLayout
from router.executor.store.merging import Filled, Kept, Slot, compile_merge, kept_of
from router.executor.store.positions import Position
from router.executor.store.structs import Structs, StructType, entities_type, struct_of
from router.executor.store.structures import (
    Decoder,
    OperationStructures,
    StructEntityCode,
    StructPart,
    StructRootCode,
)


def compile_structures(
    graph: StepGraph, shape: ObjectShape, possible: PossibleTypes
) -> tuple[StepGraph, OperationStructures]:
    """Raises `NoStructures`. O(steps x positions)."""
    return _Compiler(graph, shape, possible).operation()


class _Compiler:
    def __init__(self, graph: StepGraph, shape: ObjectShape, possible: PossibleTypes) -> None:
        self._graph = graph
        self._possible = possible
        self._held = Holdings(graph, shape, possible)
        self._structs = Structs()
        self._layout = StructLayout(self._held.root)

    def operation(self) -> tuple[StepGraph, OperationStructures]:
        steps = tuple(self._with_code(step) for step in self._graph.steps)
        root = self._structs.of(self._held.root)
        answer = msgspec.defstruct("Response", [("data", root)], gc=False, eq=False)
        hide = compile_hide(self._layout, self._held.left_to_hide())
        introspected = tuple((key, root.attributes[key]) for key in self._held.root.introspected)
        return replace(self._graph, steps=steps), OperationStructures(root, answer, hide, introspected)

    def _with_code(self, step: Step) -> Step:
        if isinstance(step, RootStep):
            return replace(step, codes=replace(step.codes, structures=self._root_code(step)))
        assert isinstance(step, EntityStep)
        return replace(step, codes=replace(step.codes, structures=self._entity_code(step)))

    def _root_code(self, step: RootStep) -> StructRootCode:
        position = self._held.position(step.target or ())
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
        targets = [place.position for place in self._held.places(part) if place.kinds]
        return self._structs.entity(fields_of(part), targets)

    def _part(self, part: EntityPart, attribute: str, entity: StructType, *, is_direct: bool) -> StructPart:
        places = self._held.places(part)
        slots: dict[tuple[int, StructType], Position] = {}
        represented = []
        for place, apart in zip(places, part.slots, strict=True):
            key = (apart, self._structs.of(place.position))
            if place.kinds:
                slots.setdefault(key, place.position)
            number = list(slots).index(key) if key in slots else 0
            kinds = tuple(replace(kind, consumed=self._held.consumed(place, kind)) for kind in place.kinds)
            represented.append(Represented(place.path, kinds, number, place.known_type))
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
        fields = fields_of(part) if entity.__struct_fields__ else []
        times = Counter(own for _, own in fields)
        return [
            Filled(
                entity.attributes[key],
                own,
                own in part.contested or times[own] > 1,
                own in children or bool(part.tree.children[key].children),
            )
            for key, own in fields
        ]

    def _kept(self, part: EntityPart) -> Kept | None:
        places = [place for place in self._held.places(part) if place.kinds]
        if not part.contested or not places:
            return None
        entity = self._entity(part)
        own = {key: entity.attributes[key] for key in part.tree.children}
        position = places[0].position
        renames = renames_of(part.output_rewrites)
        pairs = (
            (own[key], kept_of(self._structs, position.children[renames.get(key, key)], below))
            for key, below in part.tree.children.items()
            if renames.get(key, key) in position.children
        )
        inner = tuple((attribute, kept) for attribute, kept in pairs if kept is not None)
        return Kept((), inner) if inner else None


def _slots(part: EntityPart, targets: Iterable[Position]) -> list[Slot]:
    shares_objects = not part.tree.is_flat
    own_copies = shares_objects and (bool(part.contested) or part.sharing is Sharing.NOBODY)
    apart = shares_objects and part.sharing is Sharing.OF_ONE_PATH
    return [Slot(target, own_copies, apart and number > 0) for number, target in enumerate(targets)]
