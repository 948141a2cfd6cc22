"""Who may connect, and what the HTTP side serves."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from router.config.base import Config, Positive, Seconds


class ServerConfig(Config, frozen=True):
    listen: Annotated[
        str, Meta(description="Address and port: `HOST:PORT`; a port alone is one of 127.0.0.1.")
    ] = "127.0.0.1:4000"
    graphql_path: Annotated[str, Meta(pattern="^/", description="Where operations are served.")] = "/graphql"
    workers: Annotated[Positive, Meta(description="Processes that share the port.")] = 1
    max_request_bytes: Annotated[Positive, Meta(description="Larger request bodies get 413.")] = 2_000_000
    max_header_bytes: Annotated[
        Positive, Meta(description="Request lines and headers that are larger together get 431.")
    ] = 65_536
    max_connections: Annotated[
        Positive, Meta(description="Connections at a time, per process; more are answered with 503.")
    ] = 10_000
    receive_timeout_seconds: Annotated[
        Seconds, Meta(description="A request that has not arrived in full by then gets 408.")
    ] = 30.0
    idle_timeout_seconds: Annotated[
        Seconds, Meta(description="How long a connection may stay open without a request.")
    ] = 75.0
    max_queue_seconds: Annotated[
        Seconds | None, Meta(description="While operations wait longer for their turn, new ones get 503.")
    ] = None
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed."),
    ] = ()
    shutdown_grace_seconds: Annotated[
        Seconds, Meta(description="How long running requests may take to finish on shutdown.")
    ] = 10.0


class BatchingConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether a POST may hold a list of operations.")] = False
    max_operations: Annotated[Positive, Meta(description="The longest list accepted.")] = 10


class CORSPolicy(Config, frozen=True):
    """What browsers may do that show a page of these origins."""

    allow_origins: Annotated[
        tuple[str, ...], Meta(description="Origins that browsers may call from; `*` is any.")
    ] = ()
    match_origins: Annotated[
        tuple[str, ...], Meta(description="Regular expressions for whole origins that may call as well.")
    ] = ()
    allow_headers: Annotated[
        tuple[str, ...], Meta(description="Request headers allowed; empty allows those asked for.")
    ] = ()
    expose_headers: Annotated[tuple[str, ...], Meta(description="Response headers scripts may read.")] = ()
    allow_credentials: Annotated[bool, Meta(description="Whether cookies may come along.")] = False
    max_age_seconds: Annotated[int, Meta(ge=0, description="How long a browser may remember the answer.")] = (
        600
    )


class CORSConfig(CORSPolicy, frozen=True):
    policies: Annotated[
        tuple[CORSPolicy, ...],
        Meta(description="Policies of their own for some origins; the first that knows the origin counts."),
    ] = ()


class StudioConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether `GET /` serves the studio to browsers.")] = True
    first_operation: Annotated[
        str | None, Meta(description="What an untouched editor of the studio shows.")
    ] = None


class IntrospectionConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether `__schema` and `__type` are answered.")] = True
    suggestions: Annotated[
        bool,
        Meta(
            description="Whether errors say `Did you mean …?`, with names of the schema; never when"
            " introspection is off or filtered."
        ),
    ] = True
