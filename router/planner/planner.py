"""QueryPlanner: the stages of planning, in order.

parse      text → document                                              graphql-core
normalize  document → Operation                                         router.operation
solve      Operation → the option with the best footprint               solve, jumps, options
realize    option → fetch graph                                         realize
optimize   fetch graph → fetch graph                                    optimize/
assemble   fetch graph → plan nodes                                     assemble, print_fetch
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLSyntaxError, parse

from router.operation import Field, Operation, OperationTooDeepError, normalize_operation
from router.operation.errors import OperationError
from router.plan import Condition, Fetch, PlanNode, QueryPlan, Sequence, Subscription
from router.planner.arrange import sequence
from router.planner.assemble import Assembler
from router.planner.data import DataNode
from router.planner.defers import MAX_VARIABLES, decide, defer_variables, without_deferred
from router.planner.errors import PlanningError, UnplannableFieldError
from router.planner.fetch_graph import FetchGraph
from router.planner.homes import Home, Position, Root
from router.planner.knowledge import Knowledge
from router.planner.optimize import optimize
from router.planner.options import Footprints, Option
from router.planner.realize import Realizer
from router.planner.solve import Solver
from schema.graph import Node, QueryGraph
from schema.supergraph import Supergraph

BUDGET = 20_000
"""Combinations of options looked at before planning keeps only the best of each."""

MAX_LABEL_SETS = 32
"""Sets of override labels whose query graphs are kept: n labels make 2^n sets."""


class ParsingError(OperationError):
    """The document is not GraphQL."""

    code = "PARSING_ERROR"


@dataclass(frozen=True, slots=True)
class Step:
    """Root fields planned together: all of a query's, or those of a mutation that one request can answer."""

    fields: tuple[Field, ...]
    nodes: tuple[Node, ...]


class QueryPlanner:
    """Plans operations over one supergraph; keeps what it learns of it. Not for use by several threads.

    With `defer` off, @defer is ignored, as the specification allows.
    """

    def __init__(self, supergraph: Supergraph | str, *, budget: int = BUDGET, defer: bool = True) -> None:
        self.supergraph = supergraph if isinstance(supergraph, Supergraph) else Supergraph.parse(supergraph)
        self.override_labels = self.supergraph.override_labels
        self.budget = budget
        self.defer = defer
        self.solver: Callable[[Knowledge, Footprints], Solver] = Solver
        self._knowledge: dict[frozenset[str], Knowledge] = {}

    def plan(
        self,
        document: str | DocumentNode,
        operation_name: str | None = None,
        override_labels: frozenset[str] = frozenset(),
    ) -> QueryPlan:
        """The query plan of an operation, with these override labels on.

        Raises OperationError for what the client sent, PlanningError when it has no plan.
        """
        return self.plan_operation(self.normalize(document, operation_name), override_labels)

    def normalize(
        self,
        document: str | DocumentNode,
        operation_name: str | None = None,
        values: Mapping[str, object] | None = None,
    ) -> Operation:
        """The operation as it is planned; `values` of variables decide their conditions beforehand."""
        document = _parse(document)
        try:
            return normalize_operation(
                self.supergraph, document, operation_name, defer=self.defer, values=values
            )
        except RecursionError as error:
            raise OperationTooDeepError from error

    def plan_operation(
        self, operation: Operation, override_labels: frozenset[str] = frozenset()
    ) -> QueryPlan:
        """As `plan`, for an operation that is normalized already."""
        knowledge = self.knowledge(override_labels)
        try:
            if operation.kind == "subscription":
                return QueryPlan(self._subscription(operation, knowledge))
            variables = defer_variables(operation) if operation.defers else ()
            return QueryPlan(self._variants(operation, knowledge, variables[:MAX_VARIABLES], {}))
        except RecursionError as error:
            raise OperationTooDeepError from error

    def _variants(
        self, operation: Operation, knowledge: Knowledge, variables: tuple[str, ...], values: dict[str, bool]
    ) -> PlanNode | None:
        """A plan for each value of the variables that decide whether something is deferred."""
        if variables:
            name, rest = variables[0], variables[1:]
            yes = self._variants(operation, knowledge, rest, {**values, name: True})
            no = self._variants(operation, knowledge, rest, {**values, name: False})
            return None if yes is None and no is None else Condition(name, yes, no)
        decided = decide(operation, values) if operation.defers else operation
        return self._node(decided, knowledge)

    def _node(self, operation: Operation, knowledge: Knowledge) -> PlanNode | None:
        graph = self.fetch_graph(operation, knowledge)
        return Assembler(operation, self.supergraph).assemble(graph)

    def _subscription(self, operation: Operation, knowledge: Knowledge) -> Subscription | None:
        """A subscription's events cannot be deferred in parts: @defer is ignored."""
        node = self._node(decide(operation, {}, nothing=True), knowledge)
        if node is None:
            return None
        first, rest = (node.nodes[0], node.nodes[1:]) if isinstance(node, Sequence) else (node, ())
        if not isinstance(first, Fetch):
            raise PlanningError("A subscription must begin with one request to one subgraph")
        return Subscription(first, sequence(rest))

    def knowledge(self, override_labels: frozenset[str]) -> Knowledge:
        """What is known under these labels; of the last MAX_LABEL_SETS sets."""
        labels = override_labels & self.override_labels
        found = self._knowledge.pop(labels, None) or Knowledge(QueryGraph(self.supergraph, labels))
        self._knowledge[labels] = found  # the last one used stands last
        if len(self._knowledge) > MAX_LABEL_SETS:
            del self._knowledge[next(iter(self._knowledge))]
        return found

    def fetch_graph(self, operation: Operation, knowledge: Knowledge) -> FetchGraph:
        """The optimized fetch graph: what `plan` assembles."""
        footprints = Footprints(knowledge.subgraphs, self.budget)
        data = DataNode(operation.root_type, [operation.fields])
        realizer = Realizer(knowledge, operation.kind, data)
        stage = 0
        for serial, step in enumerate(_steps(operation, knowledge)):
            solver = self.solver(knowledge, footprints)
            homes: list[Home] = [
                Root(node, footprints.root(stage, node.graph), stage, serial) for node in step.nodes
            ]
            # A mutation's or subscription's field must run once: in one subgraph, not shared between several.
            choices = [homes] if operation.kind == "query" else [[home] for home in homes]
            positions = [Position(operation.root_type, (), data, choice) for choice in choices]
            option = _best(solver, positions, step.fields)
            made = len(realizer.graph.groups)
            realizer.realize(option)
            for group in realizer.graph.groups[made:]:
                group.serial = serial
            stage = footprints.last_stage(option[0]) + 1
        optimize(realizer.graph)
        return realizer.graph


def _parse(document: str | DocumentNode) -> DocumentNode:
    if not isinstance(document, str):
        return document
    try:
        return parse(document, no_location=True)
    except GraphQLSyntaxError as error:
        raise ParsingError(error.message) from error


def _best(solver: Solver, positions: list[Position], fields: tuple[Field, ...]) -> Option:
    options = [option for position in positions for option in solver.solve(position, fields)[:1]]
    if options:
        return min(options, key=solver.footprints.cost)
    assert solver.unreachable is not None
    where, field = solver.unreachable
    raise UnplannableFieldError(field.on or where.type_name, field.name, where.path)


def _steps(operation: Operation, knowledge: Knowledge) -> list[Step]:
    """A query is one step. A mutation's fields run one after another: as many together as one request
    answers, since a subgraph runs them in order too. What is deferred comes after them all.
    """
    fields = tuple(f for f in operation.fields if f.definition is not None)
    roots = knowledge.graph.roots(operation.kind)
    if operation.kind == "query":
        useful = tuple(node for node in roots if any(f.name in node.fields for f in fields))
        return [Step(fields, useful)] if fields else []
    steps: list[Step] = []
    solver = Solver(knowledge, Footprints(knowledge.subgraphs, 0))
    for field in fields:
        nodes = tuple(node for node in roots if field.name in node.fields)
        if not nodes:
            raise UnplannableFieldError(operation.root_type, field.name, ())
        local = tuple(node for node in nodes if solver.is_local(node, without_deferred(field)))
        nodes = local[:1] or nodes
        if (
            steps
            and len(nodes) == 1
            and steps[-1].nodes == nodes
            and all(solver.is_local(nodes[0], without_deferred(earlier)) for earlier in steps[-1].fields)
        ):
            steps[-1] = Step((*steps[-1].fields, field), nodes)
        else:
            steps.append(Step((field,), nodes))
    return steps
