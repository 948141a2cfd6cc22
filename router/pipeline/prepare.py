"""The prepared operation: everything about an operation that does not change from request to request.

Prepared once per (document, operation name, override labels) and kept in a bounded LRU; many requests
for one that is not there yet wait for a single preparation. Planning runs in a thread of its own, so a
large operation does not hold up the requests around it. On a hit nothing is parsed and no AST is walked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLSchema

from router.cache.lru import LRU
from router.cache.single_flight import SingleFlight
from router.errors import RequestError
from router.executor.compile_plan import compile_plan
from router.executor.hidden import Hidden
from router.executor.introspection import Introspection, introspection_of
from router.executor.introspection_answers import IntrospectionAnswers
from router.executor.possible_types import PossibleTypes
from router.executor.projection import Projection
from router.executor.steps import StepGraph
from router.executor.typed import TypedOperation, compile_typed
from router.operation.errors import OperationError
from router.pipeline.coerce_variables import VariableCoercion, variable_coercion
from router.pipeline.input_values import InputChecks
from router.pipeline.parse import parse_document
from router.pipeline.request import GraphQLRequest
from router.pipeline.select_operation import select_operation
from router.pipeline.validate import validate_document
from router.plan import OperationKind, QueryPlan
from router.planner.errors import PlanningError

Key = tuple[str, str | None, frozenset[str]]


class Planner(Protocol):
    def plan(
        self,
        document: str | DocumentNode,
        operation_name: str | None = None,
        override_labels: frozenset[str] = frozenset(),
    ) -> QueryPlan: ...


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    kind: OperationKind
    plan: QueryPlan
    steps: StepGraph
    typed: TypedOperation | None
    variables: VariableCoercion
    projection: Projection
    introspection: Introspection | None


class Preparation:
    """Prepares operations against one supergraph."""

    def __init__(
        self,
        schema: GraphQLSchema,
        possible: PossibleTypes,
        hidden: Hidden,
        planner: Planner,
        *,
        capacity: int,
        introspection: bool,
    ) -> None:
        self._schema = schema
        self._possible = possible
        self._hidden = hidden
        self._planner = planner
        self._introspection = introspection
        self._answers = IntrospectionAnswers(schema)
        self._checks = InputChecks()
        self._prepared: LRU[Key, PreparedOperation] = LRU(capacity)
        self._flights: SingleFlight[Key, PreparedOperation] = SingleFlight()
        # One thread: preparations queue behind each other, requests that hit the cache pass them.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prepare")

    async def get(self, request: GraphQLRequest, labels: frozenset[str]) -> PreparedOperation:
        """Raises `RequestError`."""
        key = (request.query, request.operation_name, labels)
        prepared = self._prepared.find(key)
        if prepared is None:
            prepared, _ = await self._flights.run(key, lambda: self._in_thread(self._prepare, key))
        return prepared

    def close(self) -> None:
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[Key], PreparedOperation], key: Key) -> PreparedOperation:
        prepared = await asyncio.get_running_loop().run_in_executor(self._thread, work, key)
        self._prepared.put(key, prepared)
        return prepared

    def _prepare(self, key: Key) -> PreparedOperation:
        text, name, labels = key
        document = parse_document(text)
        validate_document(self._schema, document, introspection=self._introspection)
        operation = select_operation(document, name)
        kind: OperationKind = operation.operation.value
        if kind == "subscription":
            raise RequestError(
                "Subscriptions are not supported by this router yet.", code="SUBSCRIPTIONS_NOT_SUPPORTED"
            )
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        try:
            plan = self._planner.plan(document, operation_name=name, override_labels=labels)
            steps = compile_plan(plan, self._possible, serial=kind == "mutation")
            projection = Projection(self._schema, operation, fragments, self._hidden)
        except OperationError as error:
            raise RequestError(error.message, code=error.code) from error
        except PlanningError as error:
            raise RequestError(error.message, code=error.code, status=500) from error
        except RecursionError as error:
            raise RequestError("The operation nests too deeply.", code="MAX_DEPTH_LIMIT") from error
        return PreparedOperation(
            kind,
            plan,
            steps,
            compile_typed(steps, projection.fixed_shape, self._possible),
            variable_coercion(self._schema, operation, self._checks),
            projection,
            introspection_of(self._answers, operation, fragments),
        )
