"""Plans for tests: subgraphs composed, the operation planned, the plan proven by the plan checker."""

from __future__ import annotations

from collections.abc import Mapping

from router.plan import QueryPlan
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
    found: list[str] = []

    def walk(json: object) -> None:
        if isinstance(json, dict):
            if json.get("kind") in ("Fetch", "BatchFetch"):
                found.append(f"{json['serviceName']}: {json['operation']}")
            for value in json.values():
                walk(value)
        elif isinstance(json, list):
            for value in json:
                walk(value)

    walk(plan.to_json())
    return found
