"""The operation that shows a failure: the walk's steps as GraphQL text."""

from __future__ import annotations

from collections.abc import Sequence

from schema.satisfiability.selections import Cast
from schema.satisfiability.state import Step


def print_operation(operation: str, steps: Sequence[Step], *, open_ended: bool) -> str:
    """The steps as nested selections; an operation that goes on below its last step says so with three
    dots.
    """
    lines = ["{" if operation == "query" else f"{operation} {{"]
    for depth, step in enumerate(steps, start=1):
        ends_here = depth == len(steps) and not open_ended
        lines.append(f"{'  ' * depth}{_step(step)}{'' if ends_here else ' {'}")
    depth = len(steps)
    if open_ended:
        lines.append(f"{'  ' * (depth + 1)}...")
        lines.append(f"{'  ' * depth}}}")
    lines += [f"{'  ' * level}}}" for level in range(depth - 1, -1, -1)]
    return "\n".join(lines)


def _step(step: Step) -> str:
    if isinstance(step.name, Cast):
        return str(step.name)
    return f"{step.name}({', '.join(step.arguments)})" if step.arguments else step.name
