"""The plan as the indented text that Apollo's tools print, byte for byte where Apollo has the node.

`BatchFetch` prints one block for each of its parts, headed by the paths whose objects it asks about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode, parse

from router.plan.graphql import entity_selections, fragment_lines, selection_set_lines
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    DeferredNode,
    EntityBatch,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    RequiredField,
    RequiredSelection,
    Sequence,
    Subscription,
)
from router.plan.paths import path_strings, shown_path

INDENT = "  "


def plan_to_text(plan: QueryPlan) -> str:
    """Apollo's printed form; `QueryPlan {}` when no subgraph is asked."""
    if plan.node is None:
        return "QueryPlan {}"
    return "\n".join(["QueryPlan {", *_indent(_with_comma(node_lines(plan.node))), "}"])


def node_lines(node: PlanNode) -> list[str]:
    match node:
        case Fetch():
            return _fetch(node)
        case BatchFetch():
            return _batch(node)
        case Flatten(path, inner):
            return _block(f'Flatten(path: "{shown_path(path)}")', _with_comma(node_lines(inner)))
        case Sequence(nodes):
            return _block("Sequence", _each(nodes))
        case Parallel(nodes):
            return _block("Parallel", _each(nodes))
        case Condition():
            return _condition(node)
        case Defer():
            return _defer(node)
        case Subscription():
            return _subscription(node)
        case _:
            assert_never(node)


def _indent(lines: Iterable[str]) -> Iterator[str]:
    return (INDENT + line for line in lines)


def _block(head: str, body: Iterable[str]) -> list[str]:
    return [f"{head} {{", *_indent(body), "}"]


def _with_comma(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1] + ","]


def _each(nodes: Iterable[PlanNode]) -> list[str]:
    return [line for node in nodes for line in _with_comma(node_lines(node))]


def _fetch(fetch: Fetch) -> list[str]:
    identity = "" if fetch.id is None else f", id: {fetch.id}"
    document = parse(fetch.operation, no_location=True)
    selection_set = _selection_set(document)
    body = _requires(fetch.requires) if fetch.requires else []
    if fetch.requires:
        selection_set = entity_selections(selection_set)["_entities"]
    body = [*body, *selection_set_lines(selection_set), *_fragments(document)]
    return _block(f'Fetch(service: "{fetch.service_name}"{identity})', body)


def _batch(batch: BatchFetch) -> list[str]:
    identity = "" if batch.id is None else f", id: {batch.id}"
    document = parse(batch.operation, no_location=True)
    selections = entity_selections(_selection_set(document))
    parts = [line for part in batch.entities for line in _with_comma(_part(part, selections[part.alias]))]
    body = [*parts, *_fragments(document)]
    return _block(f'BatchFetch(service: "{batch.service_name}"{identity})', body)


def _part(part: EntityBatch, selection_set: SelectionSetNode) -> list[str]:
    paths = ", ".join(f'"{shown_path(path)}"' for path in part.paths)
    when = "".join(f", {'include' if value else 'skip'}: ${name}" for name, value in part.condition)
    return _block(
        f"{part.alias}(paths: [{paths}]{when})",
        [*_requires(part.requires), *selection_set_lines(selection_set)],
    )


def _requires(selections: tuple[RequiredSelection, ...]) -> list[str]:
    return ["{", *_indent(_required(selections)), "} =>"]


def _required(selections: tuple[RequiredSelection, ...]) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, RequiredField):
            head = selection.name
        else:
            head = "..." if selection.type_condition is None else f"... on {selection.type_condition}"
        if selection.selections:
            yield from _block(head, _required(selection.selections))
        else:
            yield head


def _selection_set(document: DocumentNode) -> SelectionSetNode:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return operations[0].selection_set


def _fragments(document: DocumentNode) -> list[str]:
    definitions = [d for d in document.definitions if isinstance(d, FragmentDefinitionNode)]
    return [line for definition in definitions for line in ("", *fragment_lines(definition))]


def _subselection(text: str | None) -> list[str]:
    """A deferred block's own selection, followed by a colon; a lone colon when it has none."""
    if text is None:
        return [":"]
    lines = selection_set_lines(_selection_set(parse(text, no_location=True)))
    return [*lines[:-1], lines[-1] + ":"]


def _condition(node: Condition) -> list[str]:
    if node.if_clause is not None and node.else_clause is not None:
        then, other = node_lines(node.if_clause), node_lines(node.else_clause)
        body = ["Then {", *_indent(then), "} Else {", *_indent(other), "}"]
        return _block(f"Condition(if: ${node.condition})", body)
    if node.if_clause is not None:
        return _block(f"Include(if: ${node.condition})", node_lines(node.if_clause))
    if node.else_clause is not None:
        return _block(f"Skip(if: ${node.condition})", node_lines(node.else_clause))
    return [f"Condition(if: ${node.condition}) {{}}"]


def _defer(node: Defer) -> list[str]:
    primary = _subselection(node.primary.subselection)
    if node.primary.node is not None:
        primary = [*primary, *node_lines(node.primary.node)]
    deferred = [line for d in node.deferred for line in _with_comma(_deferred(d))]
    return ["Defer {", *_indent(["Primary {", *_indent(primary), "}, [", *_indent(deferred), "]"]), "}"]


def _deferred(node: DeferredNode) -> list[str]:
    depends = ", ".join(d.id if d.defer_label is None else f"{d.id} ({d.defer_label})" for d in node.depends)
    label = "" if node.label is None else f', label: "{node.label}"'
    body = [] if node.subselection is None else _subselection(node.subselection)
    if node.node is not None:
        body = [*body, *node_lines(node.node)]
    return _block(
        f'Deferred(depends: [{depends}], path: "{"/".join(path_strings(node.query_path))}"{label})', body
    )


def _subscription(node: Subscription) -> list[str]:
    primary = ["Primary: {", *_indent(node_lines(node.primary))]
    if node.rest is None:
        return _block("Subscription", [*primary, "}"])
    rest = ["Rest: {", *_indent(node_lines(node.rest)), "}"]
    return _block("Subscription", [*primary, "},", *rest])
