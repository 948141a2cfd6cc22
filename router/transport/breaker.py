"""A circuit breaker: a subgraph that mostly fails is left alone for a while.

    closed ──(enough requests, too many of them failed)──> open ──(open_seconds)──> one request tries
       ^──────────────────────── it succeeds ─────────────────────────────────────────┘   fails: open

A failure is a transport's error, an HTTP status from 500 on, or a request that was given up after nearly all
the time it had; a client that left early says nothing about the subgraph.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from enum import Enum

from router.config import CircuitBreakerConfig
from router.errors import CircuitOpen, TransportError
from router.transport.base import SubgraphRequest, SubgraphResponse, Transport

SERVER_ERROR = 500
NEARLY = 0.9
"""Of a request's time: given up then, it was the subgraph that was too slow."""


class Pass(Enum):
    """A trial's outcome decides about a circuit that is open; those sent before it opened do not."""

    USUAL = "usual"
    TRIAL = "trial"


class Circuit:
    """Counts in windows of `window_seconds`; the last whole one counts too. O(1)."""

    def __init__(self, config: CircuitBreakerConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._open_until: float | None = None
        self._is_trying = False
        self._window = 0
        self._counts = (0, 0)
        self._before = (0, 0)

    def enter(self) -> Pass | None:
        """None when no request may be sent; `note` or `give_up` says how it went."""
        if self._open_until is None:
            return Pass.USUAL
        if self._is_trying or self._clock() < self._open_until:
            return None
        self._is_trying = True
        return Pass.TRIAL

    def note(self, pass_: Pass, *, failed: bool) -> None:
        if pass_ is Pass.TRIAL:
            self._is_trying = False
            self._open_until = self._clock() + self._config.open_seconds if failed else None
            self._counts = self._before = (0, 0)
            return
        self._turn()
        requests, failures = self._counts
        self._counts = (requests + 1, failures + failed)
        if self._open_until is None and failed and self._is_bad():
            self._open_until = self._clock() + self._config.open_seconds

    def give_up(self, pass_: Pass) -> None:
        """A request that says nothing about the subgraph."""
        if pass_ is Pass.TRIAL:
            self._is_trying = False

    def _turn(self) -> None:
        window = int(self._clock() / self._config.window_seconds)
        if window != self._window:
            self._before = self._counts if window == self._window + 1 else (0, 0)
            self._counts, self._window = (0, 0), window

    def _is_bad(self) -> bool:
        requests = self._counts[0] + self._before[0]
        failures = self._counts[1] + self._before[1]
        return requests >= self._config.min_requests and failures >= self._config.failure_ratio * requests


class BreakingTransport:
    """`timeout` in seconds is what a request has."""

    def __init__(self, transport: Transport, name: str, circuit: Circuit, timeout: float) -> None:
        self._transport = transport
        self._name = name
        self._circuit = circuit
        self._patience = timeout * NEARLY

    async def start(self) -> None:
        await self._transport.start()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        circuit = self._circuit
        pass_ = circuit.enter()
        if pass_ is None:
            raise CircuitOpen(self._name)
        began = time.monotonic()
        try:
            response = await self._transport.send(request)
        except TransportError:
            circuit.note(pass_, failed=True)
            raise
        except asyncio.CancelledError:
            if time.monotonic() - began >= self._patience:
                circuit.note(pass_, failed=True)
            else:
                circuit.give_up(pass_)
            raise
        circuit.note(pass_, failed=response.status >= SERVER_ERROR)
        return response
