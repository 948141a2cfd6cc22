"""Operations that took too long, with what they asked for and the plan they were run by."""

from __future__ import annotations

import logging

from router.pipeline.facts import OperationFacts
from router.telemetry.observer import Observed

logger = logging.getLogger(__name__)

MAX_TEXT = 4000
MAX_PLAN = 8000


class SlowLog:
    """`threshold` is in seconds."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    def ended(self, observed: Observed) -> None:
        if observed.seconds < self._threshold:
            return
        for facts in observed.operations:
            logger.warning("%s", _told(observed, facts))


def _told(observed: Observed, facts: OperationFacts) -> str:
    operation = facts.operation
    name = operation.name if operation is not None and operation.name else "unnamed"
    preparing = (facts.prepared or facts.began) - facts.began
    head = (
        f"Slow operation {name}: {observed.seconds:.3f} s, {preparing:.3f} s of it preparing, "
        f"{facts.fetches} fetches, status {observed.status} (request: {_one_line(observed)})"
    )
    plan = operation.plan.to_text() if operation is not None else "no plan was made"
    return "\n".join((head, *_indented(facts.text, MAX_TEXT), *_indented(plan, MAX_PLAN)))


def _indented(text: str, limit: int) -> list[str]:
    """What a client sent must not look like a line of the log."""
    shown = text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
    return [f"    {line}" for line in shown.splitlines()]


def _one_line(observed: Observed) -> str:
    return "".join(c if c.isprintable() else " " for c in observed.headers.get("x-request-id", "none")[:100])
