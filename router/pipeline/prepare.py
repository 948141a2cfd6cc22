"""The prepared operation: everything about an operation that does not change from request to request.

Prepared once per (document, operation name, override labels, grant) and kept in an LRU bounded in entries
and bytes; many requests for one that is not there yet wait for a single preparation. It runs in a thread of
its own, so a large operation does not hold up the requests around it, and is stopped when it takes too long.
Requests wait for it no longer than they have time. On a hit nothing is parsed and no AST is walked.

An operation that touches something protected has an entry without a grant, which only says what it requires
(`GuardedOperation`), and one for each grant that it was asked with.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode

from router.authorization.collect import required_by
from router.authorization.deny import permitted
from router.authorization.requirements import Requirements
from router.authorization.restore import Denial
from router.authorization.visible import visible_schema
from router.cache.lru import LRU
from router.config import LimitsConfig
from router.demand.check import Demand, OperationCost
from router.errors import PreparationTimeout, RefusedOperation, RequestError
from router.executor.hidden import Hidden
from router.executor.introspection import introspection_of
from router.executor.introspection_answers import IntrospectionAnswers
from router.executor.operation import ExecutableOperation
from router.executor.possible_types import PossibleTypes
from router.limits.check import OperationLimits
from router.operation import Operation
from router.operation.errors import OperationError
from router.pipeline.bounded_thread import BoundedThread, Overrun
from router.pipeline.coerce_variables import VariableCoercion, variable_coercion
from router.pipeline.input_values import InputChecks
from router.pipeline.parse import parse_document
from router.pipeline.request import GraphQLRequest
from router.pipeline.select_operation import select_operation
from router.pipeline.used_fields import UsedFields, used_fields
from router.pipeline.validate import TOO_DEEP, TOO_DEEP_CODE, validate_document
from router.pipeline.weigh import PER_CHARACTER, weigh
from router.plan import OperationKind, QueryPlan
from router.planner.errors import PlanningError

Key = tuple[str, str | None, frozenset[str], int | None]
"""The last is what was granted of what the operation requires, None where nobody has asked yet."""

GUARDED_WEIGHT = 500
MAX_GIVEN_UP_BYTES = 100_000_000
"""Of operations that are not kept any more, by their weight, before they are collected."""
MAX_VISIBLE = 16
"""Grants whose view of the schema is kept, where introspection shows only what can be used."""


class Planner(Protocol):
    def plan(
        self,
        document: str | DocumentNode,
        operation_name: str | None = None,
        override_labels: frozenset[str] = frozenset(),
    ) -> QueryPlan: ...

    def normalize(self, document: str | DocumentNode, operation_name: str | None = None) -> Operation: ...


@dataclass(frozen=True, slots=True, eq=False)
class PreparedOperation:
    """`weight` is about what it takes in memory, in bytes. `denial` is what was not granted, if anything.

    Requests with the same one differ in nothing but variables and headers. `is_guarded`: others may get
    another answer, so no cache on the way may share it.
    """

    name: str | None
    kind: OperationKind
    plan: QueryPlan
    executable: ExecutableOperation
    variables: VariableCoercion
    weight: int
    is_guarded: bool = False
    denial: Denial | None = None
    cost: OperationCost | None = None
    used: UsedFields | None = None
    """What it uses of the schema, as the client asked for it; None where nobody counts that."""


@dataclass(frozen=True, slots=True, eq=False)
class GuardedOperation:
    """A valid operation that touches something protected: `required` is the mask of its requirements."""

    required: int
    weight: int


Prepared: TypeAlias = PreparedOperation | GuardedOperation


@dataclass(frozen=True, slots=True)
class Guard:
    """What the supergraph protects. `filters`: what is not granted is left out, else it is only told."""

    requirements: Requirements
    filters: bool = True
    introspection: bool = False
    """Whether callers see only what they may use of the schema."""


class _Flight:
    """A preparation that is under way or waits for its turn, and how many requests wait for it."""

    __slots__ = ("task", "waiting")

    def __init__(self) -> None:
        self.task: asyncio.Task[Prepared]
        self.waiting = 0


class Preparation:
    """Prepares operations against one supergraph; `schema` is what clients see of it. `timeout` in seconds is
    for one preparation.
    """

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
        suggestions: bool = True,
        guard: Guard | None = None,
        limits: OperationLimits | None = None,
        demand: Demand | None = None,
        tells_used_fields: bool = False,
    ) -> None:
        self.schema = schema
        self._tells_used_fields = tells_used_fields
        self._possible = possible
        self._hidden = hidden
        self._planner = planner
        self._introspection = introspection
        self._suggestions = suggestions
        self._answers = IntrospectionAnswers(schema)
        self._checks = InputChecks()
        self._guard = guard
        self._demand = demand
        self._limits = limits or OperationLimits(LimitsConfig())
        self._visible: LRU[int, IntrospectionAnswers] = LRU(MAX_VISIBLE)
        self.capacity = capacity
        self._prepared: LRU[Key, Prepared] = LRU(capacity, max_bytes)
        self._given_up = 0
        self._flights: dict[Key, _Flight] = {}
        self._timeout = timeout
        self._thread = BoundedThread("prepare", timeout)

    def known(self, request: GraphQLRequest, labels: frozenset[str]) -> Prepared | None:
        """What is prepared."""
        return self._prepared.find((request.query, request.operation_name, labels, None))

    async def get(self, request: GraphQLRequest, labels: frozenset[str], deadline: float) -> Prepared:
        """`deadline` is of the loop's clock. Raises `RequestError`, `PreparationTimeout`."""
        key = (request.query, request.operation_name, labels, None)
        return self._prepared.find(key) or await self._wait_for(key, deadline)

    async def get_granted(
        self, request: GraphQLRequest, labels: frozenset[str], granted: int, deadline: float
    ) -> PreparedOperation:
        """A guarded operation, for what is granted of its requirements. As `get`."""
        key = (request.query, request.operation_name, labels, granted)
        found = self._prepared.find(key) or await self._wait_for(key, deadline)
        assert isinstance(found, PreparedOperation), "made for a grant"
        return found

    def __len__(self) -> int:
        """How many operations are prepared."""
        return len(self._prepared)

    def forget(self) -> None:
        """Another supergraph is in force: what is under way goes on, and nothing is kept for a next one."""
        weight = self._prepared.weight
        self._prepared.clear()
        self._give_up(weight)

    def close(self) -> None:
        """Stops the thread; it starts again when it is needed."""
        for flight in self._flights.values():
            flight.task.cancel()
        self._flights.clear()
        self._thread.close()

    async def _wait_for(self, key: Key, deadline: float) -> Prepared:
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

    async def _run(self, key: Key, flight: _Flight) -> Prepared:
        try:
            prepared = await self._thread.run(lambda: self._prepare_for(flight, key))
        finally:
            if self._flights.get(key) is flight:
                del self._flights[key]
        self._give_up(self._prepared.put(key, prepared, prepared.weight))
        return prepared

    def _give_up(self, weight: int) -> None:
        """What was prepared is full of cycles (classes, generated code), which only the collector frees, and
        a server has it look at what is old about never.
        """
        self._given_up += weight
        if self._given_up > MAX_GIVEN_UP_BYTES:
            self._given_up = 0
            gc.collect()

    def _prepare_for(self, flight: _Flight, key: Key) -> Prepared:
        if not flight.waiting:
            raise Overrun  # Everybody left while it waited for its turn.
        try:
            return self._prepare(key)
        except RecursionError as error:
            raise RefusedOperation(TOO_DEEP, code=TOO_DEEP_CODE) from error

    def _prepare(self, key: Key) -> Prepared:
        text, name, labels, granted = key
        document = parse_document(text, self._limits.max_tokens)
        asked = self._valid(document, name)
        if asked.operation.operation.value == "subscription":
            raise RefusedOperation(
                "Subscriptions are not supported by this router yet.", code="SUBSCRIPTIONS_NOT_SUPPORTED"
            )
        required = self._required(asked)
        if required and granted is None:
            return GuardedOperation(required, GUARDED_WEIGHT + PER_CHARACTER * len(text))
        denial = None
        used = used_fields(asked.operation, asked.fragments, self.schema) if self._tells_used_fields else None
        if self._guard is not None and granted is not None and granted != required:
            asked, denial = self._without(asked, self._guard, granted)
        return self._planned(text, asked, labels, denial, granted, used)

    def _valid(self, document: DocumentNode, name: str | None) -> _Asked:
        """The operation to run, counted before the document is validated.

        Where it is not there all of them are counted: what is wrong with the document is told first.
        """
        fragments = _fragments(document)
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        for operation in [one for one in operations if _is_named(one, name)] or operations:
            self._limits.check(document, operation, fragments)
        validate_document(
            self.schema, document, introspection=self._introspection, suggestions=self._suggestions
        )
        return _Asked(document, select_operation(document, name), fragments)

    def _required(self, asked: _Asked) -> int:
        if self._guard is None:
            return 0
        return required_by(
            asked.operation,
            asked.fragments,
            self.schema,
            self._guard.requirements,
            introspection=self._guard.introspection,
        )

    def _used(self, asked: _Asked) -> UsedFields | None:
        if not self._tells_used_fields:
            return None
        return used_fields(asked.operation, asked.fragments, self.schema)

    def _without(self, asked: _Asked, guard: Guard, granted: int) -> tuple[_Asked, Denial]:
        left = permitted(asked.operation, asked.fragments, self.schema, guard.requirements, granted)
        denial = Denial(self.schema, asked.operation, asked.fragments, left.denied, left.type_key)
        if not guard.filters:
            return asked, denial
        document = DocumentNode(
            definitions=(left.operation, *left.fragments.values()), loc=asked.document.loc
        )
        return _Asked(document, left.operation, left.fragments), denial

    def _planned(
        self,
        text: str,
        asked: _Asked,
        labels: frozenset[str],
        denial: Denial | None,
        granted: int | None,
        used: UsedFields | None,
    ) -> PreparedOperation:
        operation, fragments = asked.operation, asked.fragments
        name = operation.name.value if operation.name else None
        try:
            plan = self._planner.plan(asked.document, operation_name=name, override_labels=labels)
            cost = self._cost(asked.document, name, plan)
            executable = ExecutableOperation(
                self.schema,
                self._possible,
                plan,
                operation,
                fragments,
                hidden=self._hidden,
                introspection=introspection_of(self._answers_for(granted), operation, fragments),
            )
        except OperationError as error:
            raise RefusedOperation(error.message, code=error.code) from error
        except PlanningError as error:
            raise RequestError(error.message, code=error.code, status=500) from error
        except RecursionError as error:
            raise RefusedOperation(TOO_DEEP, code=TOO_DEEP_CODE) from error
        kind: OperationKind = operation.operation.value
        return PreparedOperation(
            name,
            kind,
            plan,
            executable,
            variable_coercion(self.schema, operation, self._checks),
            weigh(text, asked.document, plan, executable.most_variants),
            granted is not None,
            denial,
            cost,
            used,
        )

    def _cost(self, document: DocumentNode, name: str | None, plan: QueryPlan) -> OperationCost | None:
        if self._demand is None:
            return None
        return self._demand.cost_of(self._planner.normalize(document, name), plan)

    def _answers_for(self, granted: int | None) -> IntrospectionAnswers:
        """What the schema answers about itself to who is granted this."""
        guard = self._guard
        if guard is None or not guard.introspection or granted is None:
            return self._answers
        answers = self._visible.find(granted)
        if answers is None:
            answers = IntrospectionAnswers(visible_schema(self.schema, guard.requirements, granted))
            self._visible.put(granted, answers)
        return answers


@dataclass(frozen=True, slots=True)
class _Asked:
    """One operation of a document."""

    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]


def _is_named(operation: OperationDefinitionNode, name: str | None) -> bool:
    return operation.name is not None and operation.name.value == name


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
