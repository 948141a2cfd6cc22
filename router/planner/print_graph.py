"""The fetch graph as text: every group with what it waits for, what it needs and what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.operation.print import print_condition
from router.planner.fetch_graph import FetchGraph, Group, RequiredTree
from router.planner.print_fetch import print_entities, print_root


def print_fetch_graph(graph: FetchGraph, names: tuple[str, ...]) -> str:
    """Groups by stage; `waits for` names the numbers of others."""
    groups = sorted(graph.groups, key=lambda group: (group.serial, group.stage, group.number))
    return "\n".join(line for group in groups for line in _group(group, names))


def _group(group: Group, names: tuple[str, ...]) -> Iterator[str]:
    kind = group.kind or "entities"
    path = ".".join(group.path) or "the root"
    yield f"#{group.number} stage {group.stage}: {kind} of {names[group.graph]} at {path}"
    if group.parents:
        yield "  waits for " + " ".join(f"#{n}" for n in sorted(parent.number for parent in group.parents))
    if group.block is not None:
        yield f"  deferred {group.block.label or group.block.number}"
    if group.conditions:
        yield "  " + " ".join(print_condition(c) for c in sorted(group.conditions))
    for requirement in group.requires.values():
        sent = f" as {requirement.sent_as}" if requirement.rewrites_type else ""
        yield f"  needs {requirement.on}{sent} {{{_required(requirement.fields.values())}}}"
    for name, context, _ in group.contexts:
        yield f"  ${name} from {'.'.join(context.position.path) or 'the root'}"
    body = print_entities(group) if group.kind is None else print_root(group)
    yield f"  asks {body.text}"


def _required(trees: Iterable[RequiredTree]) -> str:
    return " ".join(
        tree.key + (f"{{{_required(tree.below.values())}}}" if tree.below else "") for tree in trees
    )
