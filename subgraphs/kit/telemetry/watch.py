"""One watch for metrics and spans: it stands in the context while an operation runs, so that resolvers and
statements find it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from db.watching import WATCH as STATEMENTS
from db.watching import CallSpan
from subgraphs.kit.execution.watching import WATCH as RESOLVERS
from subgraphs.kit.execution.watching import ResolverSpan
from subgraphs.kit.telemetry.metrics import SubgraphMetrics
from subgraphs.kit.telemetry.traces import SubgraphTraces

Answer = Mapping[str, Any]


class Watch:
    """Of one subgraph. At least one of the two is there."""

    def __init__(self, metrics: SubgraphMetrics | None, traces: SubgraphTraces | None) -> None:
        self._metrics = metrics
        self._traces = traces

    @contextmanager
    def operation(self, headers: Mapping[str, str], name: str | None) -> Iterator[Callable[[Answer], None]]:
        """An answer that never comes, because the client left, counts as `cancelled`."""
        began, codes = time.perf_counter(), ["cancelled"]

        def told(answer: Answer) -> None:
            codes[:] = _codes(answer)

        statements = STATEMENTS.set(self)
        resolvers = RESOLVERS.set(self if self._traces is not None else None)
        try:
            with ExitStack() as stack:
                if self._traces is not None:
                    stack.enter_context(self._traces.operation(headers, name, codes))
                yield told
        finally:
            RESOLVERS.reset(resolvers)
            STATEMENTS.reset(statements)
            if self._metrics is not None:
                self._metrics.answered(codes, time.perf_counter() - began)

    def resolver(self, parent: str, field: str, objects: int) -> ResolverSpan:
        assert self._traces is not None, "only spans are told of resolvers"
        return self._traces.resolver(parent, field, objects)

    def call(self, system: str, operation: str) -> CallSpan | None:
        return None if self._traces is None else self._traces.call(system, operation)

    @contextmanager
    def statement(self, kind: str, text: Callable[[], str]) -> Iterator[None]:
        began = time.perf_counter()
        try:
            if self._traces is None:
                yield
            else:
                with self._traces.statement(kind, text):
                    yield
        finally:
            if self._metrics is not None:
                self._metrics.sent(kind, time.perf_counter() - began)


def _codes(answer: Answer) -> list[str]:
    """Of its errors, each once."""
    errors = answer.get("errors", ())
    return list(dict.fromkeys(str(error.get("extensions", {}).get("code", "none")) for error in errors))
