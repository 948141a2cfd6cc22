"""The query graph as text: every node reachable from the roots, with its edges. For `plait debug graph`."""

from __future__ import annotations

from collections.abc import Iterator

from schema.graph.build import QueryGraph
from schema.graph.model import Node


def print_graph(graph: QueryGraph) -> str:
    """O(nodes x edges); reaches everything that some operation could."""
    lines: list[str] = []
    seen: set[Node] = set()
    pending = [node for kind in ("query", "mutation", "subscription") for node in graph.roots(kind)]
    while pending:
        node = pending.pop(0)
        if node in seen or node.is_leaf:
            continue
        seen.add(node)
        lines.append(str(node))
        for line, head in _edges(graph, node):
            lines.append(f"  {line}")
            pending.append(head)
    return "\n".join(lines)


def _edges(graph: QueryGraph, node: Node) -> Iterator[tuple[str, Node]]:
    for field in node.fields.values():
        yield str(field).partition(" ")[2], field.head
    if node.is_abstract:
        for name in sorted(node.runtime_types):
            head = node.cast(name)
            if head is not None:
                yield f"-- ... on {name} --> {head}", head
    for key in graph.key_edges(node):
        yield str(key).partition(" ")[2], key.head
