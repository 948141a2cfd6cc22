"""An operation as it is executed: steps, structures and a projection for each set of condition values.

The values of the variables that `@skip` and `@include` use decide what is fetched, what a fetch answers and
what the client gets; those of `@defer(if:)` only where the plan has a condition for them. They are Booleans,
so an operation has few sets of them: each is compiled once, with the conditions decided, and then runs like
an operation without any.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode

from router.executor.compile_plan import compile_plan
from router.executor.conditions import plan_conditions
from router.executor.hidden import NOTHING_HIDDEN, Hidden
from router.executor.introspection import Introspection
from router.executor.possible_types import PossibleTypes
from router.executor.projection import Projection
from router.executor.projection.projection import ProjectionVariant
from router.executor.steps import StepGraph
from router.executor.store.compile import compile_structures
from router.executor.store.dicts import DictStore
from router.executor.store.positions import NoStructures
from router.executor.store.protocol import Store
from router.executor.store.structures import OperationStructures, StructureStore
from router.plan import QueryPlan

logger = logging.getLogger(__name__)
MAX_VARIANTS = 16
"""Of one operation, the oldest given up first."""


@dataclass(frozen=True, slots=True)
class Variant:
    """`structures` is None where the operation has something they do not know."""

    steps: StepGraph
    structures: OperationStructures | None
    projection: ProjectionVariant

    def new_store(self) -> Store:
        """For one request."""
        if self.structures is None:
            return DictStore(self.projection)
        return StructureStore(self.structures, self.projection)


class ExecutableOperation:
    """Without condition variables all is compiled at once, else when the first request brings their values.

    `quick` off leaves out the structures. Raises `OperationError` for what grows beyond all measure.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        possible: PossibleTypes,
        plan: QueryPlan,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        *,
        hidden: Hidden = NOTHING_HIDDEN,
        introspection: Introspection | None = None,
        quick: bool = True,
    ) -> None:
        self._possible = possible
        self._plan = plan
        self._is_serial = operation.operation.value == "mutation"
        self._projection = Projection(schema, operation, fragments, hidden)
        self.condition_variables = tuple(
            sorted(plan_conditions(plan.node).union(self._projection.condition_variables))
        )
        self._quick = quick
        self._variants: dict[tuple[Any, ...], Variant] = {}
        self._lock: asyncio.Lock | None = None
        self.introspection = introspection
        if not self.condition_variables:
            self._variants[()] = self.compile({})

    @property
    def most_variants(self) -> int:
        """How many are kept at most."""
        return min(1 << len(self.condition_variables), MAX_VARIANTS)

    def known_variant(self, variables: Mapping[str, Any]) -> Variant | None:
        return self._variants.get(self._key(variables))

    async def variant(self, variables: Mapping[str, Any]) -> Variant:
        """Compiled in a thread when it is new. Raises `OperationError`."""
        key = self._key(variables)
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            variant = self._variants.get(key)
            if variant is None:
                variant = await asyncio.to_thread(self.compile, variables)
                if len(self._variants) >= MAX_VARIANTS:
                    del self._variants[next(iter(self._variants))]
                self._variants[key] = variant
        return variant

    def _key(self, variables: Mapping[str, Any]) -> tuple[Any, ...]:
        names = self.condition_variables
        return tuple([variables.get(name) for name in names]) if names else ()

    def compile(self, variables: Mapping[str, Any]) -> Variant:
        """For these values, kept by nobody. O(plan + operation x types)."""
        steps = compile_plan(self._plan, self._possible, variables, serial=self._is_serial)
        projection = self._projection.variant(variables)
        try:
            if self._quick:
                return Variant(*compile_structures(steps, projection.shape, self._possible), projection)
        except NoStructures as reason:
            logger.debug("An operation is executed on dicts: %s.", reason)
        for step in steps.steps:
            step.use_dicts()
        return Variant(steps, None, projection)
