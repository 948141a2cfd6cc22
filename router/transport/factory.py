"""From what a subgraph was given as to the transport that reaches it."""

from __future__ import annotations

from typing import Any, TypeAlias

from router.config import SubgraphConfig, SubgraphDefaults
from router.errors import ConfigError
from router.transport.asgi import ASGIApp, ASGITransport
from router.transport.base import Kept, Transport
from router.transport.breaker import BreakingTransport, Circuit
from router.transport.deduplicate import DeduplicatingTransport
from router.transport.hedge import HedgingTransport
from router.transport.http import HTTPTransport
from router.transport.httpx_client import HTTPXTransport
from router.transport.in_process import (
    ExecutableSubgraph,
    InProcessTransport,
    StrawberrySubgraph,
    is_strawberry_schema,
)
from router.transport.retry import RetryBudget, RetryingTransport
from router.transport.tls import TLS

SubgraphSource: TypeAlias = str | ExecutableSubgraph | ASGIApp | Any
"""A URL, an ASGI application, a `strawberry.Schema`, or an object with `execute` (`ExecutableSubgraph`)."""


def make_transport(
    name: str,
    source: SubgraphSource,
    own: SubgraphConfig,
    defaults: SubgraphDefaults,
    kept: Kept = frozenset(),
) -> Transport:
    """`kept` are the headers of its answers that are read.

    Raises `ConfigError` for a source that is none of these.
    """
    transport = _plain_transport(name, source, own, defaults, kept)
    if is_strawberry_schema(source):
        return transport  # Its context is the client's, which equal headers do not make equal.
    transport = _resilient(transport, name, own, defaults)
    deduplicate = defaults.deduplicate if own.deduplicate is None else own.deduplicate
    return DeduplicatingTransport(transport) if deduplicate else transport


def _resilient(transport: Transport, name: str, own: SubgraphConfig, defaults: SubgraphDefaults) -> Transport:
    """From the inside: each try counts for the circuit, two may be under way, failed ones are repeated."""
    breaker = own.circuit_breaker or defaults.circuit_breaker
    if breaker.enabled:
        timeout = own.timeout_seconds or defaults.timeout_seconds
        transport = BreakingTransport(transport, name, Circuit(breaker), timeout)
    after = own.hedge_after_seconds or defaults.hedge_after_seconds
    if after is not None:
        transport = HedgingTransport(transport, after, RetryBudget(defaults.retry_budget))
    retries = defaults.max_retries if own.max_retries is None else own.max_retries
    if retries:
        transport = RetryingTransport(transport, retries, RetryBudget(defaults.retry_budget))
    return transport


def _plain_transport(
    name: str, source: SubgraphSource, own: SubgraphConfig, defaults: SubgraphDefaults, kept: Kept
) -> Transport:
    if isinstance(source, str):
        client = HTTPTransport if (own.http_client or defaults.http_client) == "native" else HTTPXTransport
        try:
            return client(
                source,
                max_connections=own.max_connections or defaults.max_connections,
                kept=kept,
                tls=TLS(name, own.tls or defaults.tls) if source.startswith("https:") else None,
            )
        except ValueError as error:
            raise ConfigError(f'Subgraph "{name}": {error}') from error
    if is_strawberry_schema(source):
        return InProcessTransport(StrawberrySubgraph(source))
    if isinstance(source, ExecutableSubgraph):
        return InProcessTransport(source)
    if callable(source):
        return ASGITransport(source, kept=kept)
    raise ConfigError(
        f'Subgraph "{name}": expected a URL, an ASGI application, a Strawberry schema or an object with '
        f"`execute`, found {type(source).__name__}"
    )
