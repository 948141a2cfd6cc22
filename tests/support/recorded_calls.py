"""A watch that writes down what stores and peers are asked, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from db.watching import WATCH

Told = tuple[str, str, str | None]


@dataclass
class Recorded:
    calls: list[Told] = field(default_factory=list)

    def statement(self, kind: str, text: Callable[[], str]) -> AbstractContextManager[None]:
        return nullcontext()

    def call(self, system: str, operation: str) -> _Call:
        return _Call(self, system, operation)


@dataclass
class _Call:
    recorded: Recorded
    system: str
    operation: str

    @property
    def carried(self) -> Mapping[str, str]:
        return {"traceparent": "00-a-b-01"}

    def end(self, error: str | None = None) -> None:
        self.recorded.calls.append((self.system, self.operation, error))


@contextmanager
def recorded_calls() -> Iterator[list[Told]]:
    recorded = Recorded()
    before = WATCH.set(recorded)
    try:
        yield recorded.calls
    finally:
        WATCH.reset(before)
