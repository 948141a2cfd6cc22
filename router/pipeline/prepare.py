"""The prepared operation: everything about an operation that does not change from request to request.

Prepared once per (document, operation name, override labels) and kept in an LRU bounded in entries and bytes;
many requests for one that is not there yet wait for a single preparation. It runs in a thread of its own,
so a large operation does not hold up the requests around it, and is stopped when it takes too long.
Requests wait for it no longer than they have time. On a hit nothing is parsed and no AST is walked.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLSchema

from router.cache.lru import LRU
from router.errors import PreparationTimeout, RefusedOperation, RequestError
from router.executor.hidden import Hidden
from router.executor.introspection import introspection_of
from router.executor.introspection_answers import IntrospectionAnswers
from router.executor.operation import ExecutableOperation
from router.executor.possible_types import PossibleTypes
from router.operation.errors import OperationError
from router.pipeline.bounded_thread import BoundedThread, Overrun
from router.pipeline.coerce_variables import VariableCoercion, variable_coercion
from router.pipeline.input_values import InputChecks
from router.pipeline.parse import parse_document
from router.pipeline.request import GraphQLRequest
from router.pipeline.select_operation import select_operation
from router.pipeline.validate import TOO_DEEP, TOO_DEEP_CODE, validate_document
from router.pipeline.weigh import weigh
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
    """`weight` is about what it takes in memory, in bytes."""

    name: str | None
    kind: OperationKind
    plan: QueryPlan
    executable: ExecutableOperation
    variables: VariableCoercion
    weight: int


class _Flight:
    """A preparation that is under way or waits for its turn, and how many requests wait for it."""

    __slots__ = ("task", "waiting")

    def __init__(self) -> None:
        self.task: asyncio.Task[PreparedOperation]
        self.waiting = 0


class Preparation:
    """Prepares operations against one supergraph. `timeout` in seconds is for one preparation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        possible: PossibleTypes,
        hidden: Hidden,
        planner: Planner,
        *,
        capacity: int,
        max_bytes: int,
        timeout: float,
        introspection: bool,
    ) -> None:
        self._schema = schema
        self._possible = possible
        self._hidden = hidden
        self._planner = planner
        self._introspection = introspection
        self._answers = IntrospectionAnswers(schema)
        self._checks = InputChecks()
        self.capacity = capacity
        self._prepared: LRU[Key, PreparedOperation] = LRU(capacity, max_bytes)
        self._flights: dict[Key, _Flight] = {}
        self._timeout = timeout
        self._thread = BoundedThread("prepare", timeout)

    async def get(
        self, request: GraphQLRequest, labels: frozenset[str], deadline: float
    ) -> PreparedOperation:
        """`deadline` is of the loop's clock. Raises `RequestError`, `PreparationTimeout`."""
        key = (request.query, request.operation_name, labels)
        return self._prepared.find(key) or await self._wait_for(key, deadline)

    def __len__(self) -> int:
        """How many operations are prepared."""
        return len(self._prepared)

    def close(self) -> None:
        """Stops the thread; it starts again when it is needed."""
        for flight in self._flights.values():
            flight.task.cancel()
        self._flights.clear()
        self._thread.close()

    async def _wait_for(self, key: Key, deadline: float) -> PreparedOperation:
        flight = self._flights.get(key) or self._start(key)
        flight.waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.shield(flight.task)
        except (TimeoutError, Overrun) as error:
            raise PreparationTimeout(self._timeout) from error
        finally:
            flight.waiting -= 1

    def _start(self, key: Key) -> _Flight:
        flight = self._flights[key] = _Flight()
        flight.task = asyncio.create_task(self._run(key, flight))
        flight.task.add_done_callback(lambda task: task.cancelled() or task.exception())
        return flight

    async def _run(self, key: Key, flight: _Flight) -> PreparedOperation:
        try:
            prepared = await self._thread.run(lambda: self._prepare_for(flight, key))
        finally:
            if self._flights.get(key) is flight:
                del self._flights[key]
        self._prepared.put(key, prepared, prepared.weight)
        return prepared

    def _prepare_for(self, flight: _Flight, key: Key) -> PreparedOperation:
        if not flight.waiting:
            raise Overrun  # Everybody left while it waited for its turn.
        try:
            return self._prepare(key)
        except RecursionError as error:
            raise RefusedOperation(TOO_DEEP, code=TOO_DEEP_CODE) from error

    def _prepare(self, key: Key) -> PreparedOperation:
        text, name, labels = key
        document = parse_document(text)
        validate_document(self._schema, document, introspection=self._introspection)
        operation = select_operation(document, name)
        kind: OperationKind = operation.operation.value
        if kind == "subscription":
            raise RefusedOperation(
                "Subscriptions are not supported by this router yet.", code="SUBSCRIPTIONS_NOT_SUPPORTED"
            )
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        try:
            plan = self._planner.plan(document, operation_name=name, override_labels=labels)
            executable = ExecutableOperation(
                self._schema,
                self._possible,
                plan,
                operation,
                fragments,
                hidden=self._hidden,
                introspection=introspection_of(self._answers, operation, fragments),
            )
        except OperationError as error:
            raise RefusedOperation(error.message, code=error.code) from error
        except PlanningError as error:
            raise RequestError(error.message, code=error.code, status=500) from error
        except RecursionError as error:
            raise RefusedOperation(TOO_DEEP, code=TOO_DEEP_CODE) from error
        return PreparedOperation(
            operation.name.value if operation.name else None,
            kind,
            plan,
            executable,
            variable_coercion(self._schema, operation, self._checks),
            weigh(text, document, plan, executable.most_variants),
        )
