"""A fetch of root fields: at the top of the plan, or for an object of the root type found deeper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from router.errors import TransportError
from router.executor.errors import SubgraphError
from router.executor.merge import deep_merge
from router.executor.paths import ResponsePath
from router.executor.placing import Places, error_path, reported_error, transport_error
from router.executor.possible_types import PossibleTypes
from router.executor.rewrites import rewrite_value
from router.executor.steps import Conditions, RequestState, Target, VariableUsages
from router.json import clone
from router.plan import Rewrite
from router.transport.base import SubgraphDocument


@dataclass(frozen=True, slots=True)
class RootStep:
    """`target` is None at the top of the plan. `response_keys` are the root fields it answers."""

    service: str
    document: SubgraphDocument
    variables: VariableUsages
    conditions: Conditions
    response_keys: tuple[str, ...]
    output_rewrites: tuple[Rewrite, ...]
    target: Target | None
    merges_deeply: bool
    possible: PossibleTypes

    async def run(self, state: RequestState) -> None:
        objects = [state.data] if self.target is None else self.target.collect(state.data)
        if not objects:
            return
        try:
            response = await state.ask(self.service, self.document, state.variables_for(self.variables))
        except TransportError as error:
            for path in self._paths(state):
                state.errors.append(transport_error(self.service, error, path))
            return
        for reported in response.errors:
            state.errors.extend(self._reported(state, reported))
        if response.data is not None:
            self._merge(response.data, objects)

    def _merge(self, data: dict[str, Any], objects: list[dict[str, Any]]) -> None:
        for rewrite in self.output_rewrites:
            rewrite_value(data, rewrite, self.possible)
        for index, obj in enumerate(objects):
            own = data if index == 0 else clone(data)
            if self.merges_deeply:
                deep_merge(obj, own)
            else:
                obj.update(own)

    def _paths(self, state: RequestState) -> list[ResponsePath]:
        """Where the data of a failed fetch is missing: at each of its root fields."""
        return [
            (*base, key) for base in self._bases(state) for key in self.response_keys if key != "__typename"
        ]

    def _bases(self, state: RequestState) -> list[ResponsePath]:
        if self.target is None:
            return [()]
        return [path for paths in Places.of(state.data, (self.target,)).paths.values() for path in paths]

    def _reported(self, state: RequestState, error: Any) -> list[SubgraphError]:
        path = error_path(error)
        places = [(*base, *path) for base in self._bases(state)] if path else self._paths(state)
        return [
            reported_error(self.service, error, place or None, self.output_rewrites)
            for place in places or [()]
        ]
