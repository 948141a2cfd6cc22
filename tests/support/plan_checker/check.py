"""`check_plan`: proves that a query plan yields what an operation asks, or says why it does not.

Independent of the planner and of `schema/`: it reads the supergraph on graphql-core alone. Cost: linear in
the number of assignments of the condition variables (at most 64, see `client`) times the size of the
symbolic tree, which is the product of possible types along nested abstract fields (bounded, see `answer`).
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import DocumentNode, KnownDirectivesRule, validate

from router.plan import QueryPlan
from tests.support.plan_checker.answer import TooLarge
from tests.support.plan_checker.client import (
    ClientOperation,
    assignments,
    condition_variables,
    plan_conditions,
    read_operation,
)
from tests.support.plan_checker.defer import check_defers
from tests.support.plan_checker.documents import Documents
from tests.support.plan_checker.finding import Finding, Findings
from tests.support.plan_checker.order import check_mutation_order
from tests.support.plan_checker.response import ResponseCheck
from tests.support.plan_checker.run import Run
from tests.support.plan_checker.selection import Collector
from tests.support.plan_checker.supergraph import Supergraph
from tests.support.plan_checker.tree import Moment, Node


def check_plan(
    supergraph_sdl: str,
    operation: str | DocumentNode,
    plan: QueryPlan,
    operation_name: str | None = None,
    override_labels: frozenset[str] = frozenset(),
) -> list[Finding]:
    """An empty list is the proof. Raises ValueError when the operation itself is unknown."""
    supergraph = Supergraph(supergraph_sdl, override_labels)
    return check_plan_on(supergraph, read_operation(operation, operation_name), plan)


def check_plan_on(supergraph: Supergraph, client: ClientOperation, plan: QueryPlan) -> list[Finding]:
    """As `check_plan`, for many plans on one supergraph."""
    findings = Findings()
    misplaced = validate(supergraph.schema, client.document, [KnownDirectivesRule])
    documents = Documents(findings, frozenset(error.message for error in misplaced))
    undeclared = plan_conditions(plan.node) - set(client.variables)
    for name in sorted(undeclared):
        findings.add("variable", "a Condition", f"${name} is not a variable of the client's operation")
    variables = condition_variables(client.document) | plan_conditions(plan.node)
    try:
        for assignment in assignments(variables):
            findings.when = ", ".join(f"${name}={value}" for name, value in assignment.items())
            _check_under(assignment, supergraph, client, plan, documents, findings)
    except TooLarge:
        findings.add("limit", "the plan", "has more branches than the checker bounds itself to")
    return findings.all()


def _check_under(
    assignment: Mapping[str, bool],
    supergraph: Supergraph,
    client: ClientOperation,
    plan: QueryPlan,
    documents: Documents,
    findings: Findings,
) -> None:
    root_type = supergraph.root_type(client.kind)
    run = Run(supergraph, client, assignment, findings, documents, Node(root_type))
    run.run(plan.node, Moment())
    response = ResponseCheck(
        supergraph,
        Collector.of(client.document, assignment),
        findings,
        roots=frozenset(supergraph.root_type(kind) for kind in ("query", "mutation", "subscription")),
    )
    response.check([client.operation.selection_set], run.root, root_type, "")
    check_defers(run, response.covered)
    if client.kind == "mutation":
        check_mutation_order(run, response.collector)
