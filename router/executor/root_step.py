"""A fetch of root fields: at the top of the plan, or for an object of the root type found deeper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from router.errors import TransportError
from router.executor.dependencies import ResponseSteps
from router.executor.errors import Gap, SubgraphError
from router.executor.paths import ResponsePath
from router.executor.placing import Places, error_path, reported_error, taken_along, transport_error
from router.executor.selection import KeyTree
from router.executor.steps import RequestState, VariableUsages
from router.executor.store.dicts import DictRootCode
from router.executor.store.protocol import Codes, RootCode
from router.executor.subgraph_response import read_response
from router.plan import Rewrite
from router.transport.base import SubgraphDocument, SubgraphResponse


@dataclass(frozen=True, slots=True)
class RootStep:
    """`target` is None at the top of the plan. `tree` is what it answers; `contested` as in `EntityPart`.

    `careful` is the code for dicts, which merges as well what came with errors.
    """

    service: str
    document: SubgraphDocument
    variables: VariableUsages
    tree: KeyTree
    contested: frozenset[str]
    output_rewrites: tuple[Rewrite, ...]
    target: ResponseSteps | None
    careful: DictRootCode
    codes: Codes[RootCode]

    def use_dicts(self) -> None:
        self.careful.compile()

    async def run(self, state: RequestState) -> int:
        if self.target is not None and not await self._is_asked(state):
            return 1
        try:
            response = await state.send(self.service, self.document, state.variables_for(self.variables))
        except TransportError as error:
            if state.is_heavy:
                await state.apart(self._fail, state, error)
            else:
                self._fail(state, error)
        else:
            if state.is_heavy:
                await state.apart(self._take, state, response)
            else:
                self._take(state, response)
        return 1

    async def _is_asked(self, state: RequestState) -> bool:
        return await state.apart(self._has_objects, state) if state.is_heavy else self._has_objects(state)

    def _has_objects(self, state: RequestState) -> bool:
        store = state.store
        return store.code(self.codes).has_objects(store.root)

    def _take(self, state: RequestState, response: SubgraphResponse) -> None:
        store = state.store
        if not store.code(self.codes).merge(store.root, response):
            self._take_with_care(state, state.in_dicts(), response)

    def _fail(self, state: RequestState, error: TransportError) -> None:
        for path in self._paths(state.in_dicts()):
            state.errors.append(transport_error(self.service, error, path))

    def _take_with_care(self, state: RequestState, data: dict[str, Any], response: SubgraphResponse) -> None:
        try:
            answer = read_response(response)
        except TransportError as error:
            self._fail(state, error)
            return
        for reported in answer.errors:
            told = self._reported(data, reported)
            state.errors.extend(told)
            for path, below in taken_along(self.tree, answer.data, error_path(reported)):
                state.gaps.extend(Gap((*base, *path), told[0], below) for base in self._bases(data))
        if answer.data is not None:
            self.careful.merge_data(data, answer.data)

    def _paths(self, data: dict[str, Any]) -> list[ResponsePath]:
        """Where the data of a failed fetch is missing: at each of its root fields."""
        keys = [key for key in self.tree.children if key != "__typename"]
        return [(*base, key) for base in self._bases(data) for key in keys]

    def _bases(self, data: dict[str, Any]) -> list[ResponsePath]:
        if self.target is None:
            return [()]
        places = Places.of(data, (self.target,))
        return [path for paths in places.paths.values() for path in paths]

    def _reported(self, data: dict[str, Any], error: Any) -> list[SubgraphError]:
        path = error_path(error)
        places = [(*base, *path) for base in self._bases(data)] if path else self._paths(data)
        return [
            reported_error(self.service, error, place or None, self.output_rewrites)
            for place in places or [()]
        ]
