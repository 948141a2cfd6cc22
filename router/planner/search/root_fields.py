"""Root fields, and which of them are searched together.

A query's are all searched at once. A mutation's run one after another: as many together as one request
answers, since a subgraph runs them in order too. What is deferred comes after them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from router.operation import Field, Operation
from router.planner.defer_variants import without_deferred
from router.planner.errors import UnplannableFieldError
from router.planner.facts import SupergraphFacts
from router.planner.search.local_answers import LocalAnswers
from schema.graph import Node


@dataclass(frozen=True, slots=True)
class RootFields:
    """Fields searched together, and the root types that can be asked for them."""

    fields: tuple[Field, ...]
    nodes: tuple[Node, ...]


def root_fields(operation: Operation, facts: SupergraphFacts) -> list[RootFields]:
    """In the order they run. Raises UnplannableFieldError for one that no subgraph has. O(fields x roots)."""
    fields = tuple(f for f in operation.fields if f.definition is not None)
    roots = facts.graph.roots(operation.kind)
    if operation.kind == "query":
        useful = tuple(node for node in roots if any(f.name in node.fields for f in fields))
        return [RootFields(fields, useful)] if fields else []
    local = LocalAnswers(facts)
    found: list[RootFields] = []
    for field in fields:
        nodes = _resolving(field, operation.root_type, roots, local)
        if found and _runs_with(found[-1], nodes, local):
            found[-1] = RootFields((*found[-1].fields, field), nodes)
        else:
            found.append(RootFields((field,), nodes))
    return found


def _resolving(
    field: Field, root_type: str, roots: tuple[Node, ...], local: LocalAnswers
) -> tuple[Node, ...]:
    """The first that answers all of the field that is not deferred, else all that have it."""
    nodes = tuple(node for node in roots if field.name in node.fields)
    if not nodes:
        raise UnplannableFieldError(root_type, field.name, ())
    whole = tuple(node for node in nodes if local.answers(node, without_deferred(field)))
    return whole[:1] or nodes


def _runs_with(before: RootFields, nodes: tuple[Node, ...], local: LocalAnswers) -> bool:
    """Can the request of the fields before take one more of this subgraph?"""
    return (
        len(nodes) == 1
        and before.nodes == nodes
        and all(local.answers(nodes[0], without_deferred(field)) for field in before.fields)
    )
