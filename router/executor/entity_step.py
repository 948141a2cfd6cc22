"""A fetch of entities: representations out, entities merged into the objects they came from.

Equal representations of one `_entities` field travel once. A plain fetch has one such field; a batch has
several, aliased. With context arguments objects are first grouped by the values their arguments take,
because those are variables of the request, and each group is asked for on its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from router.errors import MalformedResponse, TransportError
from router.executor.dependencies import Sharing
from router.executor.merge import deep_merge
from router.executor.paths import ResponsePath, located_objects
from router.executor.placing import Places, common_prefix, error_path, reported_error, transport_error
from router.executor.possible_types import PossibleTypes
from router.executor.representations import Gather, Representation
from router.executor.rewrites import context_value, rewrite_value
from router.executor.selection import KeyTree
from router.executor.steps import Conditions, RequestState, Target, VariableUsages, holds
from router.executor.subgraph_response import GraphQLResponse, read_response
from router.json import clone, dumps
from router.plan import KeyRenamer, RequiredSelection, Rewrite
from router.transport.base import SubgraphDocument, SubgraphResponse


@dataclass(frozen=True, slots=True)
class EntityPart:
    """One `_entities` field of a request.

    `tree` is what it answers. `merges_deeply`: another step writes some of the same keys. `sharing` says
    which objects may share what an entity has inside, when they share its representation.
    """

    alias: str
    variable: str
    targets: tuple[Target, ...]
    tree: KeyTree
    requires: tuple[RequiredSelection, ...]
    input_rewrites: tuple[Rewrite, ...]
    gather: Gather
    output_rewrites: tuple[Rewrite, ...]
    conditions: Conditions
    merges_deeply: bool
    sharing: Sharing


@dataclass(slots=True)
class Owners:
    """The objects of one path that have a representation, and the index of each one's."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """What one part asks for, and for whom: `owners` has an entry per path."""

    part: EntityPart
    representations: list[Representation] = field(default_factory=list)
    owners: list[Owners] = field(default_factory=list)

    def add(self, objects: list[dict[str, Any]], seen: dict[Any, int]) -> None:
        owners = Owners()
        self.part.gather(objects, seen, self.representations, owners.objects, owners.indices)
        self.owners.append(owners)

    def all_objects(self) -> list[dict[str, Any]]:
        return [obj for owners in self.owners for obj in owners.objects]

    def objects_of(self, index: int) -> list[dict[str, Any]]:
        return [
            obj
            for owners in self.owners
            for obj, own in zip(owners.objects, owners.indices, strict=True)
            if own == index
        ]


@dataclass(frozen=True, slots=True)
class EntityStep:
    service: str
    document: SubgraphDocument
    variables: VariableUsages
    conditions: Conditions
    parts: tuple[EntityPart, ...]
    contexts: tuple[KeyRenamer, ...]
    possible: PossibleTypes

    async def run(self, state: RequestState) -> None:
        if self.contexts:
            await self._run_with_contexts(state)
            return
        gathered = [self._gather(state, part) for part in self.parts]
        if any(each.representations for each in gathered):
            await self._ask(state, gathered, state.variables_for(self.variables))

    def _gather(self, state: RequestState, part: EntityPart) -> Gathered:
        gathered = Gathered(part)
        if holds(part.conditions, state.variables):
            seen: dict[Any, int] = {}
            for target in part.targets:
                gathered.add(target.collect(state.data), seen)
        return gathered

    async def _run_with_contexts(self, state: RequestState) -> None:
        (part,) = self.parts
        by_context: dict[bytes, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        for target in part.targets:
            for located in located_objects(state.data, target.steps):
                values = {
                    rewrite.rename_to: context_value(located, rewrite.path, self.possible)
                    for rewrite in self.contexts
                }
                by_context.setdefault(dumps(values), (values, []))[1].append(located.value)
        requests = []
        for values, objects in by_context.values():
            gathered = Gathered(part)
            gathered.add(objects, {})
            if gathered.representations:
                variables = state.variables_for(self.variables) | values
                requests.append(self._ask(state, [gathered], variables))
        await asyncio.gather(*requests)

    async def _ask(self, state: RequestState, gathered: list[Gathered], variables: dict[str, Any]) -> None:
        for each in gathered:
            variables[each.part.variable] = each.representations
        try:
            response = await state.send(self.service, self.document, variables)
        except TransportError as error:
            self.fail(state, gathered, error)
        else:
            self.receive(state, gathered, response)

    def fail(self, state: RequestState, gathered: list[Gathered], error: TransportError) -> None:
        places = Places.of(state.data, (target for each in gathered for target in each.part.targets))
        asked = [path for each in gathered for path in places.of_objects(each.all_objects())]
        state.errors.append(transport_error(self.service, error, common_prefix(asked)))

    def receive(self, state: RequestState, gathered: list[Gathered], response: SubgraphResponse) -> None:
        try:
            answer = read_response(response)
            entities = [self._entities(each, answer) for each in gathered]
        except TransportError as error:
            self.fail(state, gathered, error)
            return
        if answer.errors:
            self._report(state, gathered, answer)
        for each, found in zip(gathered, entities, strict=True):
            self._merge(each, found)

    def _entities(self, gathered: Gathered, response: GraphQLResponse) -> list[Any]:
        """The entities of a part, aligned with its representations; raises `MalformedResponse`."""
        entities = (response.data or {}).get(gathered.part.alias)
        expected = len(gathered.representations)
        if entities is None and (response.errors or not expected):
            return [None] * expected
        if not isinstance(entities, list) or len(entities) != expected:
            raise MalformedResponse("The subgraph did not answer with one entity per representation.")
        if not all(entity is None or entity.__class__ is dict for entity in entities):
            raise MalformedResponse("The subgraph answered with an entity that is not an object.")
        return entities

    def _merge(self, gathered: Gathered, entities: list[Any]) -> None:
        part = gathered.part
        if part.output_rewrites:
            for entity in entities:
                for rewrite in part.output_rewrites:
                    rewrite_value(entity, rewrite, self.possible)
        if part.merges_deeply or part.sharing is Sharing.NOBODY:
            _merge_apart(gathered, entities, self.possible.objects)
            return
        for number, owners in enumerate(gathered.owners):
            if number > 0 and part.sharing is Sharing.OF_ONE_PATH:
                entities = clone(entities)
            for obj, index in zip(owners.objects, owners.indices, strict=True):
                entity = entities[index]
                if entity is not None:
                    obj.update(entity)

    def _report(self, state: RequestState, gathered: list[Gathered], response: GraphQLResponse) -> None:
        for each in gathered:
            places = Places.of(state.data, each.part.targets)
            for error in response.errors:
                path = error_path(error)
                if path and path[0] == each.part.alias:
                    self._report_at(state, error, _affected(each, path, places), path[2:], each.part)
        for error in response.errors:
            path = error_path(error)
            if not path or path[0] not in {each.part.alias for each in gathered}:
                targets = (target for each in gathered for target in each.part.targets)
                common = Places.of(state.data, targets).common()
                state.errors.append(reported_error(self.service, error, common, ()))

    def _report_at(
        self,
        state: RequestState,
        error: Any,
        paths: Iterable[ResponsePath],
        rest: ResponsePath,
        part: EntityPart,
    ) -> None:
        for path in paths:
            state.errors.append(reported_error(self.service, error, (*path, *rest), part.output_rewrites))


def _affected(gathered: Gathered, path: ResponsePath, places: Places) -> list[ResponsePath]:
    """The objects an error of `_entities` is about: those of its index, or all when it names none."""
    index = path[1] if len(path) > 1 else None
    if isinstance(index, int) and 0 <= index < len(gathered.representations):
        return list(places.of_objects(gathered.objects_of(index)))
    common = places.common()
    return [common] if common else []


def _merge_apart(gathered: Gathered, entities: list[Any], object_types: frozenset[str]) -> None:
    """Every object gets containers of its own."""
    deeply = gathered.part.merges_deeply
    for owners in gathered.owners:
        for obj, index in zip(owners.objects, owners.indices, strict=True):
            if entities[index] is not None:
                own = clone(entities[index])
                if deeply:
                    deep_merge(obj, own, object_types)
                else:
                    obj.update(own)
