"""A fetch of root fields: at the top of the plan, or for an object of the root type found deeper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from router.errors import TransportError
from router.executor.errors import Gap, SubgraphError
from router.executor.merge import deep_merge, keep_asked
from router.executor.paths import ResponsePath
from router.executor.placing import Places, error_path, reported_error, taken_along, transport_error
from router.executor.possible_types import PossibleTypes
from router.executor.rewrites import rewrite_value
from router.executor.selection import KeyTree
from router.executor.steps import RequestState, Target, VariableUsages
from router.executor.subgraph_response import read_response
from router.json import clone
from router.plan import Rewrite
from router.transport.base import SubgraphDocument, SubgraphResponse


@dataclass(frozen=True, slots=True)
class RootStep:
    """`target` is None at the top of the plan. `tree` is what it answers."""

    service: str
    document: SubgraphDocument
    variables: VariableUsages
    tree: KeyTree
    output_rewrites: tuple[Rewrite, ...]
    target: Target | None
    merges_deeply: bool
    possible: PossibleTypes

    async def run(self, state: RequestState) -> int:
        objects = [state.data]
        if self.target is not None:
            objects = await state.work(self.target.collect, state.data)
        if not objects:
            return 1
        try:
            response = await state.send(self.service, self.document, state.variables_for(self.variables))
        except TransportError as error:
            self.fail(state, error)
        else:
            await state.work(self.receive, state, response, objects)
        return 1

    def fail(self, state: RequestState, error: TransportError) -> None:
        for path in self._paths(state):
            state.errors.append(transport_error(self.service, error, path))

    def receive(self, state: RequestState, response: SubgraphResponse, objects: list[dict[str, Any]]) -> None:
        try:
            answer = read_response(response)
        except TransportError as error:
            self.fail(state, error)
            return
        for reported in answer.errors:
            told = self._reported(state, reported)
            state.errors.extend(told)
            for path, below in taken_along(self.tree, answer.data, error_path(reported)):
                state.gaps.extend(Gap((*base, *path), told[0], below) for base in self._bases(state))
        if answer.data is not None:
            self._merge(answer.data, objects)

    def _merge(self, data: dict[str, Any], objects: list[dict[str, Any]]) -> None:
        keep_asked(data, self.tree, deeply=self.merges_deeply)
        for rewrite in self.output_rewrites:
            rewrite_value(data, rewrite, self.possible)
        for index, obj in enumerate(objects):
            own = data if index == 0 else clone(data)
            if self.merges_deeply:
                deep_merge(obj, own, self.possible.objects)
            else:
                obj.update(own)

    def _paths(self, state: RequestState) -> list[ResponsePath]:
        """Where the data of a failed fetch is missing: at each of its root fields."""
        return [
            (*base, key) for base in self._bases(state) for key in self.tree.children if key != "__typename"
        ]

    def _bases(self, state: RequestState) -> list[ResponsePath]:
        if self.target is None:
            return [()]
        places = Places.of(state.data, (self.target,))
        return [path for paths in places.paths.values() for path in paths]

    def _reported(self, state: RequestState, error: Any) -> list[SubgraphError]:
        path = error_path(error)
        places = [(*base, *path) for base in self._bases(state)] if path else self._paths(state)
        return [
            reported_error(self.service, error, place or None, self.output_rewrites)
            for place in places or [()]
        ]
