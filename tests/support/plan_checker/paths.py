"""Finding the objects at a flatten's path, on every branch, in what is visible at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from router.plan import Each, Parent, Path, TypeCondition
from tests.support.plan_checker.finding import Findings
from tests.support.plan_checker.supergraph import Supergraph
from tests.support.plan_checker.tree import Moment, Node, known_typename, visible_value


def nodes_at(
    root: Node, path: Path, now: Moment, supergraph: Supergraph, findings: Findings, step: str
) -> list[Node]:
    """Objects without the path's next key (another type, or left out by a condition) are passed over."""
    found: list[tuple[Node, int]] = [(root, 0)]
    for element in path:
        if element == "":
            continue  # a typed path of the reference begins with an empty element
        match element:
            case TypeCondition(types):
                found = [
                    (node, lists)
                    for node, lists in found
                    if _typed(node, types, now, supergraph, findings, step)
                ]
            case Each():
                if any(lists == 0 for _, lists in found):
                    findings.add("path", step, "`@` where there is no list")
                found = [(node, lists - 1) for node, lists in found if lists]
            case str():
                if any(lists for _, lists in found):
                    findings.add("path", step, f"{element!r} is read on a list: `@` is missing")
                found = [below for node, _ in found for below in _children(node, element, now)]
            case Parent():
                findings.add("path", step, "the path climbs")
            case _:
                assert_never(element)
    if any(lists for _, lists in found):
        findings.add("path", step, "the path ends on a list: `@` is missing")
    return [node for node, _ in found]


def nodes_below(root: Node, path: Path, now: Moment, supergraph: Supergraph) -> list[Node]:
    """As `nodes_at` for a deferred part's path: nothing for lists, conditions for the fragments passed."""
    found = [root]
    for element in path:
        if isinstance(element, TypeCondition):
            types = {name for condition in element.types for name in supergraph.possible(condition)}
            found = [node for node in found if node.type_name in types]
        elif isinstance(element, str):
            found = [below for node in found for below, _ in _children(node, element, now)]
    return found


def _children(node: Node, key: str, now: Moment) -> Iterator[tuple[Node, int]]:
    value = visible_value(node, key, now)
    if value is not None:
        for child in (value.branches or {}).values():
            yield child, value.lists


def _typed(
    node: Node, types: tuple[str, ...], now: Moment, supergraph: Supergraph, findings: Findings, step: str
) -> bool:
    known = known_typename(node, now)
    if known is None:
        findings.add(
            "path", step, f"the path tells types apart, but __typename of {node.type_name} is unknown"
        )
        return False
    return any(supergraph.is_subtype(known, t) for t in types)
