"""Plans for tests: subgraphs composed, the operation planned, the plan proven by the plan checker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from router.plan import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
    Subscription,
)
from router.planner import QueryPlanner
from schema import SubgraphDefinition, compose
from tests.support.plan_checker import check_plan

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@external", "@requires", "@provides", "@shareable", "@override", "@interfaceObject",
  "@context", "@fromContext", "@inaccessible"
])
"""


def composed(subgraphs: Mapping[str, str]) -> str:
    """The supergraph SDL; each subgraph is federation 2.9 with every directive imported."""
    definitions = [SubgraphDefinition(name=n, url=f"http://{n}", sdl=LINK + s) for n, s in subgraphs.items()]
    return compose(definitions).supergraph_sdl


def plan_of(
    subgraphs: Mapping[str, str],
    operation: str,
    labels: frozenset[str] = frozenset(),
    name: str | None = None,
) -> QueryPlan:
    """The plan, once it is proven to be right."""
    supergraph = composed(subgraphs)
    plan = QueryPlanner(supergraph).plan(operation, operation_name=name, override_labels=labels)
    findings = check_plan(supergraph, operation, plan, operation_name=name, override_labels=labels)
    assert not findings, "\n".join([plan.to_text(), *map(str, findings)])
    return plan


def shown(plan: QueryPlan) -> str:
    """The plan's text without its outer lines and indentation: what a test compares."""
    lines = plan.to_text().split("\n")[1:-1]
    return "\n".join(line[2:] for line in lines)


def fetches(plan: QueryPlan) -> list[str]:
    """`subgraph: operation` of every request, in the order of the plan."""
    return [f"{node.service_name}: {node.operation}" for node in requests(plan)]


def requests(plan: QueryPlan) -> list[Fetch | BatchFetch]:
    """Every request, in the order of the plan."""
    return list(_requests(plan.node))


def _requests(node: PlanNode | None) -> Iterator[Fetch | BatchFetch]:
    match node:
        case None:
            pass
        case Fetch() | BatchFetch():
            yield node
        case Flatten():
            yield from _requests(node.node)
        case Sequence() | Parallel():
            for inner in node.nodes:
                yield from _requests(inner)
        case Condition():
            yield from _requests(node.if_clause)
            yield from _requests(node.else_clause)
        case Defer():
            yield from _requests(node.primary.node)
            for part in node.deferred:
                yield from _requests(part.node)
        case Subscription():
            yield node.primary
            yield from _requests(node.rest)
        case _:
            assert_never(node)
