"""Begins and ends with each request of a client, and tells those that watch what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any, Protocol, runtime_checkable

import msgspec

from router.pipeline.facts import OperationFacts

CLIENT_NAMES = ("apollographql-client-name", "graphql-client-name")
CLIENT_VERSIONS = ("apollographql-client-version", "graphql-client-version")
MAX_NAME = 100


class Observed(msgspec.Struct):
    """One request: `operations` has one, several of a batch, or none that could be read."""

    method: str
    headers: Mapping[str, str]
    began: float = msgspec.field(default_factory=perf_counter)
    operations: list[OperationFacts] = msgspec.field(default_factory=list)
    codes: tuple[str, ...] = ()
    partner: str | None = None
    """Whose key was sent (router/partners)."""
    status: int = 0
    answer_bytes: int = 0
    seconds: float = 0.0
    memory: dict[str, Any] = msgspec.field(default_factory=dict)
    """What a watcher has to remember until the end."""

    def operation(self) -> OperationFacts:
        facts = OperationFacts()
        self.operations.append(facts)
        return facts

    @property
    def client_name(self) -> str | None:
        get = self.headers.get
        name = get(CLIENT_NAMES[0]) or get(CLIENT_NAMES[1])
        return name[:MAX_NAME] if name else None

    @property
    def client_version(self) -> str | None:
        get = self.headers.get
        version = get(CLIENT_VERSIONS[0]) or get(CLIENT_VERSIONS[1])
        return version[:MAX_NAME] if version else None


class Watcher(Protocol):
    def ended(self, observed: Observed) -> None: ...


@runtime_checkable
class BeginningWatcher(Watcher, Protocol):
    """It has something to do before a request is answered, too."""

    def begun(self, observed: Observed) -> None: ...


class Observer:
    """Watchers begin in order and end in the opposite one. `running` requests are being answered."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self._beginning = tuple(each for each in watchers if isinstance(each, BeginningWatcher))
        self._ending = tuple(reversed(watchers))
        self.running = 0

    def begin(self, method: str, headers: Mapping[str, str]) -> Observed:
        self.running += 1
        observed = Observed(method, headers)
        for watcher in self._beginning:
            watcher.begun(observed)
        return observed

    def end(self, observed: Observed, status: int, answer_bytes: int) -> None:
        """`status` is 499 for a client that left."""
        observed.status, observed.answer_bytes = status, answer_bytes
        observed.seconds = perf_counter() - observed.began
        self.running -= 1
        for watcher in self._ending:
            watcher.ended(observed)
