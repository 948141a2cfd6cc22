"""A fetch of entities: representations out, entities merged into the objects they came from.

Equal representations of one `_entities` field travel once. A plain fetch has one such field; a batch has
several, aliased. With context arguments there is a request for each set of their values.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from router.errors import MalformedResponse, TransportError
from router.executor.apart import document_of_part
from router.executor.contexts import ContextRead
from router.executor.entity_errors import fail, lose, report
from router.executor.in_flight import Asked, EntityPart, InFlight
from router.executor.placing import error_path
from router.executor.possible_types import PossibleTypes
from router.executor.steps import RequestState, VariableUsages
from router.executor.store.dicts import are_entities, merge_entities
from router.executor.store.protocol import Codes, EntityCode
from router.executor.subgraph_response import GraphQLResponse, read_response
from router.transport.base import SubgraphDocument, SubgraphResponse


@dataclass(frozen=True, slots=True)
class EntityStep:
    service: str
    document: SubgraphDocument
    variables: VariableUsages
    parts: tuple[EntityPart, ...]
    contexts: tuple[ContextRead, ...]
    possible: PossibleTypes
    codes: Codes[EntityCode]

    def use_dicts(self) -> None:
        self.codes.dicts.compile()

    async def run(self, state: RequestState) -> int:
        requests = await state.apart(self._gather, state) if state.is_heavy else self._gather(state)
        if len(requests) == 1:
            await self._ask(state, requests[0])
        else:
            await asyncio.gather(*(self._ask(state, request) for request in requests))
        return max((each.places() for request in requests for each in request.asked), default=1)

    def _gather(self, state: RequestState) -> list[InFlight]:
        """The requests that have somebody to ask for."""
        store = state.store
        requests = store.code(self.codes).gather(store.root)
        for request in requests:
            for each in request.asked:
                if each.lacks_keys:
                    state.lacks_keys = True
        requests = [each for each in requests if each.is_needed]
        state.in_flight += requests
        return requests

    async def _ask(self, state: RequestState, request: InFlight) -> None:
        variables = state.variables_for(self.variables)
        variables.update(request.context)
        for each in request.asked:
            variables[each.part.variable] = each.representations
        await self._send(state, request, self.document, variables)

    async def _send(
        self, state: RequestState, request: InFlight, document: SubgraphDocument, variables: dict[str, Any]
    ) -> None:
        try:
            response = await state.send(self.service, document, variables)
        except TransportError as error:
            if state.is_heavy:
                await state.apart(self._fail, state, request, error)
            else:
                self._fail(state, request, error)
        else:
            if state.is_heavy:
                again = await state.apart(self._take, state, request, response)
            else:
                again = self._take(state, request, response)
            if again:
                await asyncio.gather(*(self._ask_apart(state, request, each) for each in again))

    def _fail(self, state: RequestState, request: InFlight, error: TransportError) -> None:
        fail(state, state.in_dicts(), self.service, request.asked, error)

    def _take(self, state: RequestState, request: InFlight, response: SubgraphResponse) -> list[Asked]:
        """Merges the answer; returns the parts to ask for again."""
        again: list[Asked] = []
        store = state.store
        if not store.code(self.codes).merge(request.asked, response, store.absent):
            again = self._take_with_care(state, state.in_dicts(), request, response)
        state.in_flight.remove(request)
        return again

    def _take_with_care(
        self, state: RequestState, data: dict[str, Any], request: InFlight, response: SubgraphResponse
    ) -> list[Asked]:
        try:
            answer = read_response(response)
            again = _taken_along(request.asked, answer)
            kept = [each for each in request.asked if each not in again]
            found = [_entities(each, answer) for each in kept]
        except TransportError as error:
            fail(state, data, self.service, request.asked, error)
            return []
        if answer.errors:
            before = len(state.errors)
            report(state, data, self.service, kept, found, answer.errors, others=not again)
            for each in kept:
                if len(state.errors) > before and (answer.data or {}).get(each.part.alias) is None:
                    lose(state, data, each, state.errors[before])
        says_which = all(_is_of_an_entity(error) for error in answer.errors)
        for each, entities in zip(kept, found, strict=True):
            absent = merge_entities(each, entities, self.possible)
            if says_which and (answer.data or {}).get(each.part.alias) is not None:
                state.store.absent += absent
        return again

    async def _ask_apart(self, state: RequestState, request: InFlight, each: Asked) -> None:
        document, used = document_of_part(self.document, each.part)
        variables = {**state.variables_for(self.variables), **request.context}
        variables = {name: value for name, value in variables.items() if name in used}
        variables[each.part.variable] = each.representations
        alone = InFlight([each])
        state.in_flight.append(alone)
        await self._send(state, alone, document, variables)


def _is_of_an_entity(error: Any) -> bool:
    """Whether it says which entity it is about: one that is null and has no error then does not exist."""
    path = error_path(error)
    return len(path) > 1 and isinstance(path[1], int)


def _entities(asked: Asked, response: GraphQLResponse) -> list[Any]:
    """The entities of a part, aligned with its representations; raises `MalformedResponse`."""
    entities = (response.data or {}).get(asked.part.alias)
    expected = len(asked.representations)
    if entities is None and (response.errors or not expected):
        return [None] * expected
    if not isinstance(entities, list) or len(entities) != expected:
        raise MalformedResponse("The subgraph did not answer with one entity per representation.")
    if not are_entities(entities, asked):
        raise MalformedResponse("The subgraph answered with an entity that is not an object.")
    return entities


def _taken_along(asked: list[Asked], answer: GraphQLResponse) -> list[Asked]:
    """The parts that have no answer although no error is about them as a whole."""
    sent = [each for each in asked if each.representations]
    named = {path[0] for path in map(error_path, answer.errors) if len(path) == 1}
    others = {each.part.alias for each in asked} & named if len(sent) == 1 else sent
    if not answer.errors or not others or len(asked) == 1:
        return []
    data = answer.data or {}
    return [each for each in sent if data.get(each.part.alias) is None and each.part.alias not in named]
