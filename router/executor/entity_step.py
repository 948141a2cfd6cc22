"""A fetch of entities: representations out, entities merged into the objects they came from.

Equal representations of one `_entities` field travel once. A plain fetch has one such field; a batch has
several, aliased. With context arguments objects are first grouped by the values their arguments take,
because those are variables of the request, and each group is asked for on its own.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from router.errors import MalformedResponse, TransportError
from router.executor.apart import document_of_part
from router.executor.dependencies import Sharing
from router.executor.entity_errors import fail, lose, report
from router.executor.entity_part import EntityPart, Gathered
from router.executor.merge import deep_merge, keep_asked
from router.executor.paths import located_objects
from router.executor.placing import error_path
from router.executor.possible_types import PossibleTypes
from router.executor.rewrites import context_value, rewrite_value
from router.executor.steps import RequestState, VariableUsages
from router.executor.subgraph_response import GraphQLResponse, read_response
from router.json import clone, dumps
from router.plan import KeyRenamer
from router.transport.base import SubgraphDocument, SubgraphResponse


@dataclass(frozen=True, slots=True)
class EntityStep:
    service: str
    document: SubgraphDocument
    variables: VariableUsages
    parts: tuple[EntityPart, ...]
    contexts: tuple[KeyRenamer, ...]
    possible: PossibleTypes

    async def run(self, state: RequestState) -> int:
        if self.contexts:
            await self._run_with_contexts(state)
            return 1
        gathered = await state.work(self._gather_all, state)
        if any(each.representations for each in gathered):
            await self._ask(state, gathered, state.variables_for(self.variables))
        return max(each.places() for each in gathered)

    def _gather_all(self, state: RequestState) -> list[Gathered]:
        return [self._gather(state, part) for part in self.parts]

    def _gather(self, state: RequestState, part: EntityPart) -> Gathered:
        gathered = Gathered(part)
        seen: dict[Any, int] = {}
        for target in part.targets:
            state.lacks_keys |= gathered.add(target.collect(state.data), seen)
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
            state.lacks_keys |= gathered.add(objects, {})
            if gathered.representations:
                variables = state.variables_for(self.variables) | values
                requests.append(self._ask(state, [gathered], variables))
        await asyncio.gather(*requests)

    async def _ask(self, state: RequestState, gathered: list[Gathered], variables: dict[str, Any]) -> None:
        for each in gathered:
            variables[each.part.variable] = each.representations
        await self._send(state, gathered, self.document, variables)

    async def _send(
        self,
        state: RequestState,
        gathered: list[Gathered],
        document: SubgraphDocument,
        variables: dict[str, Any],
    ) -> None:
        try:
            response = await state.send(self.service, document, variables)
        except TransportError as error:
            self.fail(state, gathered, error)
        else:
            await self.receive(state, gathered, response)

    def fail(self, state: RequestState, gathered: list[Gathered], error: TransportError) -> None:
        fail(state, self.service, gathered, error)

    async def receive(
        self, state: RequestState, gathered: list[Gathered], response: SubgraphResponse
    ) -> None:
        again = await state.work(self._take, state, gathered, response)
        await asyncio.gather(*(self._ask_apart(state, each) for each in again))

    def _take(
        self, state: RequestState, gathered: list[Gathered], response: SubgraphResponse
    ) -> list[Gathered]:
        """Merges the answer; returns the parts to ask for again."""
        try:
            answer = read_response(response)
            again = _taken_along(gathered, answer)
            kept = [each for each in gathered if each not in again]
            entities = [self._entities(each, answer) for each in kept]
        except TransportError as error:
            self.fail(state, gathered, error)
            return []
        if answer.errors:
            before = len(state.errors)
            report(state, self.service, kept, entities, answer.errors, others=not again)
            for each in kept:
                if len(state.errors) > before and (answer.data or {}).get(each.part.alias) is None:
                    lose(state, each, state.errors[before])
        for each, found in zip(kept, entities, strict=True):
            self._merge(each, found)
        return again

    async def _ask_apart(self, state: RequestState, gathered: Gathered) -> None:
        document, used = document_of_part(self.document, gathered.part.alias)
        variables = state.variables_for(self.variables)
        variables = {name: value for name, value in variables.items() if name in used}
        variables[gathered.part.variable] = gathered.representations
        await self._send(state, [gathered], document, variables)

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
        keep_asked(entities, part.tree, deeply=part.merges_deeply)
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


def _taken_along(gathered: list[Gathered], answer: GraphQLResponse) -> list[Gathered]:
    """The parts that have no answer although no error is about them as a whole."""
    asked = [each for each in gathered if each.representations]
    named = {path[0] for path in map(error_path, answer.errors) if len(path) == 1}
    others = {each.part.alias for each in gathered} & named if len(asked) == 1 else asked
    if not answer.errors or not others or len(gathered) == 1:
        return []
    data = answer.data or {}
    return [each for each in asked if data.get(each.part.alias) is None and each.part.alias not in named]


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
