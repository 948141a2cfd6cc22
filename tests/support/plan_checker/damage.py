"""Damaged plans: each kind breaks a plan in one place, to show that the checker notices.

`damages(plan)` yields (kind, plan) for every place a kind applies to. A damage may leave a right
plan (a field that is fetched twice, two independent steps): docs/proof.md tells which do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    InlineFragmentNode,
    NameNode,
    SelectionSetNode,
    parse,
    print_ast,
    strip_ignored_characters,
)

from router import plan
from router.plan import (
    BatchFetch,
    Fetch,
    PlanNode,
    QueryPlan,
    RequiredField,
    RequiredFragment,
    RequiredSelection,
)

Damage: TypeAlias = tuple[str, QueryPlan]
Variants: TypeAlias = Iterator[tuple[str, PlanNode | None]]


def damages(query_plan: QueryPlan, services: list[str]) -> Iterator[Damage]:
    if query_plan.node is not None:
        for kind, node in _node(query_plan.node, services):
            yield kind, QueryPlan(node)


def _node(node: PlanNode, services: list[str]) -> Variants:
    match node:
        case Fetch() | BatchFetch():
            yield "drop fetch", None
            yield from _fetch(node, services)
        case plan.Flatten():
            for kind, inner in _node(node.node, services):
                yield kind, None if inner is None else replace(node, node=inner)
        case plan.Sequence():
            yield from _sequence(node)
            yield from _children(node, services)
        case plan.Parallel():
            yield from _children(node, services)
        case plan.Condition():
            yield "flip condition", replace(node, if_clause=node.else_clause, else_clause=node.if_clause)
            yield from _part(node, "if_clause", services)
            yield from _part(node, "else_clause", services)
        case plan.Subscription():
            yield from _part(node, "rest", services)
        case plan.Defer():
            for kind, inner in _optional(node.primary.node, services):
                yield kind, replace(node, primary=replace(node.primary, node=inner))
            for index, deferred in enumerate(node.deferred):
                for kind, inner in _optional(deferred.node, services):
                    changed = _at(node.deferred, index, replace(deferred, node=inner))
                    yield kind, replace(node, deferred=changed)


def _optional(node: PlanNode | None, services: list[str]) -> Variants:
    if node is not None:
        yield from _node(node, services)


def _part(node: Any, name: str, services: list[str]) -> Variants:
    for kind, inner in _optional(getattr(node, name), services):
        yield kind, replace(node, **{name: inner})


def _sequence(node: plan.Sequence) -> Variants:
    if len(node.nodes) > 1:
        yield "sequence made parallel", plan.Parallel(node.nodes)
    for i in range(len(node.nodes) - 1):
        a, b = node.nodes[i : i + 2]
        yield "swap steps", plan.Sequence((*node.nodes[:i], b, a, *node.nodes[i + 2 :]))


def _children(node: plan.Sequence | plan.Parallel, services: list[str]) -> Variants:
    for index, child in enumerate(node.nodes):
        for kind, inner in _node(child, services):
            kept = () if inner is None else (inner,)
            yield kind, replace(node, nodes=(*node.nodes[:index], *kept, *node.nodes[index + 1 :]))


def _fetch(node: Fetch | BatchFetch, services: list[str]) -> Variants:
    for service in services:
        if service != node.service_name:
            yield "change service", replace(node, service_name=service)
    for kind, operation in _operations(node.operation):
        yield kind, replace(node, operation=operation, asked=None)
    if isinstance(node, BatchFetch):
        return
    for kind, requires in _requires(node.requires):
        yield kind, replace(node, requires=requires)
    for name in ("input_rewrites", "output_rewrites", "context_rewrites"):
        rewrites = getattr(node, name)
        for index in range(len(rewrites)):
            changes: dict[str, Any] = {name: _at(rewrites, index)}
            yield f"drop one of {name}", replace(node, **changes)


def _requires(
    selections: tuple[RequiredSelection, ...],
) -> Iterator[tuple[str, tuple[RequiredSelection, ...]]]:
    for index, selection in enumerate(selections):
        match selection:
            case RequiredField(name):
                kind = "drop __typename from requires" if name == "__typename" else "drop field from requires"
                yield kind, _at(selections, index)
                below = selection.selections
            case RequiredFragment():
                yield "drop fragment from requires", _at(selections, index)
                below = selection.selections
        for kind, changed in _requires(below):
            yield kind, _at(selections, index, replace(selection, selections=changed))


def _at(items: tuple[Any, ...], index: int, *new: Any) -> tuple[Any, ...]:
    return (*items[:index], *new, *items[index + 1 :])


def _operations(text: str) -> Iterator[tuple[str, str]]:
    """The operation with one selection dropped or changed."""
    document = parse(text, no_location=True)
    operation: Any = document.definitions[0]
    entity = "_entities" in text
    for kind, selection_set in _selections(operation.selection_set, depth=-1 if entity else 0):
        changed = _with(operation, selection_set=selection_set)
        changed_document = _with(document, definitions=(changed, *document.definitions[1:]))
        yield kind, strip_ignored_characters(print_ast(changed_document))


def _selections(selection_set: SelectionSetNode, depth: int) -> Iterator[tuple[str, SelectionSetNode]]:
    selections = selection_set.selections

    def changed(index: int, *new: Any) -> SelectionSetNode:
        kept = _at(tuple(selections), index, *new)
        return SelectionSetNode(selections=kept or (FieldNode(name=NameNode(value="__typename")),))

    for index, selection in enumerate(selections):
        if isinstance(selection, InlineFragmentNode):
            yield "drop type branch", changed(index)
        elif isinstance(selection, FieldNode) and depth >= 0:
            name = selection.name.value
            yield "drop __typename" if name == "__typename" else "drop field", changed(index)
            if name != "__typename":
                other = NameNode(value="other")
                yield "change response key", changed(index, _with(selection, alias=other))
            for i in range(len(selection.arguments or ())):
                arguments = _at(tuple(selection.arguments or ()), i)
                yield "drop argument", changed(index, _with(selection, arguments=arguments))
        below = getattr(selection, "selection_set", None)
        if below is not None:
            for kind, inner in _selections(below, depth + 1):
                yield kind, changed(index, _with(selection, selection_set=inner))


def _with(node: Any, **changes: Any) -> Any:
    values = {key: getattr(node, key) for key in node.keys if key != "loc"}
    return type(node)(**{**values, **changes})
