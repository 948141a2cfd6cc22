"""How subgraphs are reached."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from router.config.base import Config, Positive, Seconds

NotNegative = Annotated[int, Meta(ge=0)]
HTTPClient = Literal["native", "httpx"]


class CircuitBreakerConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether a subgraph that mostly fails is left alone for a while.")
    ] = False
    failure_ratio: Annotated[
        float, Meta(gt=0, le=1, description="The share of failed requests that opens the circuit.")
    ] = 0.5
    min_requests: Annotated[Positive, Meta(description="Fewer requests in a window say nothing.")] = 20
    window_seconds: Annotated[Seconds, Meta(description="How far back is counted, up to twice that.")] = 10.0
    open_seconds: Annotated[
        Seconds, Meta(description="How long it is left alone before one request tries it.")
    ] = 5.0


class TLSConfig(Config, frozen=True):
    ca_file: Annotated[
        str | None, Meta(description="Certificates (PEM) that are believed in place of the system's.")
    ] = None
    certificate_file: Annotated[
        str | None, Meta(description="Our own certificate and its chain (PEM), for subgraphs that ask.")
    ] = None
    key_file: Annotated[str | None, Meta(description="Its private key, unless the same file has it.")] = None
    key_password: Annotated[str | None, Meta(description="The key's password.")] = None


class SubgraphConfig(Config, frozen=True):
    """A key left out takes the value of `subgraphs.defaults`."""

    url: Annotated[str | None, Meta(description="Overrides the address in the supergraph.")] = None
    timeout_seconds: Annotated[
        Seconds | None, Meta(description="How long one request to the subgraph may take.")
    ] = None
    max_connections: Annotated[
        Positive | None, Meta(description="Requests to the subgraph at a time, per process.")
    ] = None
    http_client: Annotated[
        HTTPClient | None, Meta(description="`native` is fast; `httpx` knows proxies.")
    ] = None
    deduplicate: Annotated[
        bool | None, Meta(description="Whether identical queries in flight travel once.")
    ] = None
    max_retries: Annotated[
        NotNegative | None, Meta(description="How often a query that failed on the way is sent again.")
    ] = None
    hedge_after_seconds: Annotated[
        Seconds | None, Meta(description="A query without an answer by then is sent a second time.")
    ] = None
    circuit_breaker: CircuitBreakerConfig | None = None
    tls: TLSConfig | None = None


class SubgraphDefaults(Config, frozen=True):
    timeout_seconds: Annotated[Seconds, Meta(description="How long one request to a subgraph may take.")] = (
        30.0
    )
    max_connections: Annotated[
        Positive, Meta(description="Requests to one subgraph at a time, per process.")
    ] = 200
    http_client: Annotated[HTTPClient, Meta(description="`native` is fast; `httpx` knows proxies.")] = (
        "native"
    )
    deduplicate: Annotated[bool, Meta(description="Whether identical queries in flight travel once.")] = True
    max_retries: Annotated[
        int, Meta(ge=0, description="How often a query that failed on the way is sent again.")
    ] = 0
    retry_budget: Annotated[
        float,
        Meta(ge=0, le=1, description="Requests sent again or twice, as a share of all to a subgraph."),
    ] = 0.1
    hedge_after_seconds: Annotated[
        Seconds | None, Meta(description="A query without an answer by then is sent a second time.")
    ] = None
    circuit_breaker: CircuitBreakerConfig = field(default_factory=CircuitBreakerConfig)
    tls: TLSConfig = field(default_factory=TLSConfig)


class SubgraphsConfig(Config, frozen=True):
    defaults: SubgraphDefaults = field(default_factory=SubgraphDefaults)
    by_name: Annotated[
        dict[str, SubgraphConfig], Meta(description="Settings of single subgraphs, by name.")
    ] = field(default_factory=dict)
