"""Output rewrites on a fetched object, and where context rewrites take their values from."""

from __future__ import annotations

from collections.abc import Sequence

from router.plan import PARENT, KeyRenamer, PathStep, Rewrite, TypeCondition, ValueSetter
from tests.support.plan_checker.answer import ContextSource
from tests.support.plan_checker.finding import Findings
from tests.support.plan_checker.supergraph import Supergraph
from tests.support.plan_checker.tree import Moment, Node, Value, known_typename, visible_value


def rewrite_output(
    fetched: Node, rewrites: Sequence[Rewrite], supergraph: Supergraph, findings: Findings, step: str
) -> None:
    for rewrite in rewrites:
        targets = [fetched]
        for element in rewrite.path[:-1]:
            targets = [n for t in targets for n in _below(t, element, supergraph, findings, step)]
        for target in targets:
            _apply(target, rewrite, findings, step)


def _below(
    node: Node, element: PathStep, supergraph: Supergraph, findings: Findings, step: str
) -> list[Node]:
    if isinstance(element, str):
        value = node.fields.get(element)
        return list((value.branches or {}).values()) if value else []
    if not isinstance(element, TypeCondition):
        return [node]
    known = known_typename(node, None) or (known_typename(node.origin, None) if node.origin else None)
    if known is None:
        findings.add("rewrite", step, f"an output rewrite tells {node.type_name} by a __typename not fetched")
        return []
    return [node] if any(supergraph.is_subtype(known, each) for each in element.types) else []


def _apply(node: Node, rewrite: Rewrite, findings: Findings, step: str) -> None:
    last = rewrite.path[-1]
    if not isinstance(last, str):
        findings.add("rewrite", step, "a rewrite ends on no key")
        return
    match rewrite:
        case KeyRenamer():
            if last not in node.fields:
                return
            if rewrite.rename_to in node.fields:
                findings.add("rewrite", step, f"renames {last!r} over {rewrite.rename_to!r}")
            node.fields[rewrite.rename_to] = node.fields.pop(last)
        case ValueSetter():
            node.fields[last] = Value(last, "", constants=[(Moment(), str(rewrite.value))])


def context_sources(
    entity: Node,
    rewrites: Sequence[Rewrite],
    now: Moment,
    supergraph: Supergraph,
    findings: Findings,
    step: str,
) -> dict[str, ContextSource]:
    """Variable to the gathered value it is set from, for one entity."""
    sources: dict[str, ContextSource] = {}
    for rewrite in rewrites:
        if not isinstance(rewrite, KeyRenamer):
            findings.add("context", step, "a context rewrite sets a constant")
            continue
        source = _climb(entity, rewrite, now, supergraph)
        if source is None:
            continue
        sources[rewrite.rename_to] = ContextSource(source.node, _field_names(source.node, source.path))
        if not _all_visible(source.node, source.path, now):
            findings.add(
                "context", step, f"{'.'.join(source.path)} of {source.node.type_name} is not fetched yet"
            )
    return sources


def _climb(entity: Node, rewrite: KeyRenamer, now: Moment, supergraph: Supergraph) -> ContextSource | None:
    """None when the path is for objects of another type, or climbs past the root."""
    node: Node | None = entity
    keys: list[str] = []
    for element in rewrite.path:
        if node is None:
            return None
        if element is PARENT:
            node = node.parent
        elif isinstance(element, TypeCondition):
            known = known_typename(node, now)  # the executor reads it: without one no condition holds
            if not keys and (
                known is None or not any(supergraph.is_subtype(known, each) for each in element.types)
            ):
                return None
        elif isinstance(element, str):
            keys.append(element)
    return ContextSource(node, tuple(keys)) if node else None


def _field_names(node: Node, keys: Sequence[str]) -> tuple[str, ...]:
    """The fields behind response keys: a context's value may have been fetched under an alias."""
    if not keys or keys[0] not in node.fields:
        return tuple(keys)
    value = node.fields[keys[0]]
    below = next(iter((value.branches or {}).values()), None)
    return (value.name, *(_field_names(below, keys[1:]) if below else keys[1:]))


def _all_visible(node: Node, path: Sequence[str], now: Moment) -> bool:
    if not path:
        return True
    value = visible_value(node, path[0], now)
    if value is None:
        return False
    return all(_all_visible(below, path[1:], now) for below in (value.branches or {}).values())
