"""The graph as contracts show it: a schema and prepared operations for each distinct one.

A contract hides and changes nothing, so all of them are planned by the router's own planner: what is hidden
cannot be asked for, and keys that are hidden go on being sent between subgraphs, as with `@inaccessible`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from graphql import GraphQLSchema

from router.cache.single_flight import SingleFlight
from router.demand.check import Demand
from router.pipeline.prepare import Preparation
from schema.api_schema import api_schema
from schema.contract import Contract, apply_contract
from schema.model.definitions import Schema
from schema.report.errors import CompositionError


@dataclass(frozen=True, slots=True, eq=False)
class ContractView:
    """`demand` estimates and refuses nothing that the router's own configuration does not refuse."""

    schema: GraphQLSchema
    preparation: Preparation
    demand: Demand


class Contracts:
    """Of one supergraph. `prepare` makes the preparation for a schema that clients see."""

    def __init__(
        self,
        supergraph: Schema,
        everything: GraphQLSchema,
        demand: Demand,
        prepare: Callable[[GraphQLSchema], Preparation],
    ) -> None:
        self._supergraph = supergraph
        self._everything = everything
        self._demand = demand
        self._prepare = prepare
        self._views: dict[Contract | None, ContractView | CompositionError] = {}
        self._making: SingleFlight[Contract | None, None] = SingleFlight()

    async def view(self, contract: Contract | None) -> ContractView:
        """Made once, in a thread; None shows all that clients see. O(supergraph) the first time.

        Raises `CompositionError` for a contract that leaves no valid schema.
        """
        if contract not in self._views:
            await self._making.run(contract, lambda: self._make(contract))
        found = self._views[contract]
        if isinstance(found, CompositionError):
            raise CompositionError(found.errors)
        return found

    def forget(self) -> None:
        """Another supergraph is in force: what is under way goes on."""
        for view in self._made():
            view.preparation.forget()

    def close(self) -> None:
        for view in self._made():
            view.preparation.close()

    async def _make(self, contract: Contract | None) -> None:
        self._views[contract] = await asyncio.to_thread(self._view, contract)

    def _view(self, contract: Contract | None) -> ContractView | CompositionError:
        try:
            schema = self._everything
            if contract is not None:
                schema = contract_schema(self._supergraph, contract)
        except CompositionError as error:
            return error
        return ContractView(schema, self._prepare(schema), self._demand)

    def _made(self) -> list[ContractView]:
        return [view for view in self._views.values() if isinstance(view, ContractView)]


def contract_schema(supergraph: Schema, contract: Contract) -> GraphQLSchema:
    """What a contract leaves of what clients see. Raises `CompositionError`. O(supergraph)."""
    return api_schema(apply_contract(supergraph, contract))
