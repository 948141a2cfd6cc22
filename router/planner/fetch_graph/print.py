"""The fetch graph as text: every step with what it waits for, what it needs and what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.operation.print import print_condition
from router.plan.paths import shown_path
from router.planner.fetch_graph.print_step import print_entities, print_root
from router.planner.fetch_graph.steps import FetchGraph, FetchStep, RequiredTree


def print_fetch_graph(graph: FetchGraph, names: tuple[str, ...]) -> str:
    """Steps by stage; `waits for` names the numbers of others."""
    steps = sorted(graph.steps, key=lambda step: (step.turn, step.stage, step.number))
    return "\n".join(line for step in steps for line in _step(step, names))


def _step(step: FetchStep, names: tuple[str, ...]) -> Iterator[str]:
    kind = step.kind or "entities"
    path = shown_path(step.path) or "the root"
    yield f"#{step.number} stage {step.stage}: {kind} of {names[step.graph]} at {path}"
    if step.parents:
        yield "  waits for " + " ".join(f"#{n}" for n in sorted(parent.number for parent in step.parents))
    if step.defer is not None:
        yield f"  deferred {step.defer.label or step.defer.number}"
    if step.conditions:
        yield "  " + " ".join(print_condition(c) for c in sorted(step.conditions))
    for requirement in step.requires.values():
        sent = f" as {requirement.sent_as}" if requirement.rewrites_type else ""
        yield f"  needs {requirement.on}{sent} {{{_required(requirement.fields.values())}}}"
    for name, context, _ in step.contexts:
        yield f"  ${name} from {shown_path(context.position.path) or 'the root'}"
    body = print_entities(step) if step.kind is None else print_root(step)
    yield f"  asks {body.text}"


def _required(trees: Iterable[RequiredTree]) -> str:
    return " ".join(
        tree.key + (f"{{{_required(tree.below.values())}}}" if tree.below else "") for tree in trees
    )
