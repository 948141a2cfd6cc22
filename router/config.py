"""The router's configuration: one frozen object per process, read once.

Units are in the names, flags are positive, and every key has a default. `config_file.py` reads it from
YAML; docs/configuration.md lists every key (a test compares).
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field
from msgspec.structs import replace

Port = Annotated[int, Meta(ge=0, le=65535)]
Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]
Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    "HS256", "HS384", "HS512",
]  # fmt: skip
HTTPClient = Literal["native", "httpx"]


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all sections have in common."""


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


class CORSConfig(Config, frozen=True):
    allow_origins: Annotated[
        tuple[str, ...], Meta(description="Origins that browsers may call from; `*` is any.")
    ] = ()
    allow_headers: Annotated[
        tuple[str, ...], Meta(description="Request headers allowed; empty allows those asked for.")
    ] = ()
    expose_headers: Annotated[tuple[str, ...], Meta(description="Response headers scripts may read.")] = ()
    allow_credentials: Annotated[bool, Meta(description="Whether cookies may come along.")] = False
    max_age_seconds: Annotated[int, Meta(ge=0, description="How long a browser may remember the answer.")] = (
        600
    )


class StudioConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether `GET /` serves the studio to browsers.")] = True
    first_operation: Annotated[
        str | None, Meta(description="What an untouched editor of the studio shows.")
    ] = None


class IntrospectionConfig(Config, frozen=True):
    enabled: Annotated[bool, Meta(description="Whether `__schema` and `__type` are answered.")] = True


class DeduplicationConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether identical queries of clients in flight are run once.")
    ] = False
    headers: Annotated[
        tuple[str, ...], Meta(description="Request headers that make two queries different.")
    ] = ("authorization", "cookie")


class ExecutionConfig(Config, frozen=True):
    operation_timeout_seconds: Annotated[
        Seconds, Meta(description="What is not answered by then becomes errors beside the data that came.")
    ] = 60.0
    preparation_timeout_seconds: Annotated[
        Seconds, Meta(description="CPU time that parsing, validating and planning an operation may take.")
    ] = 5.0
    max_fetches: Annotated[
        Positive, Meta(description="Operations whose plan needs more subgraph requests are refused.")
    ] = 500
    max_response_bytes: Annotated[
        Positive, Meta(description="What the subgraphs may answer to one operation, together.")
    ] = 100_000_000
    max_answer_bytes: Annotated[
        Positive, Meta(description="Larger answers are refused before they are made.")
    ] = 50_000_000
    expose_query_plan: Annotated[
        bool, Meta(description="Whether `Apollo-Expose-Query-Plan` is honoured.")
    ] = False
    deduplicate_operations: DeduplicationConfig = field(default_factory=DeduplicationConfig)


class CacheConfig(Config, frozen=True):
    prepared_operations: Annotated[
        Positive, Meta(description="Operations kept parsed, validated, planned and compiled.")
    ] = 1000
    prepared_operations_max_bytes: Annotated[
        Positive, Meta(description="What they may take together, roughly; those used longest ago go first.")
    ] = 200_000_000
    verified_tokens: Annotated[Positive, Meta(description="JWTs remembered as verified.")] = 10_000
    verified_tokens_max_bytes: Annotated[
        Positive, Meta(description="What they may take together, roughly.")
    ] = 20_000_000


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


class SubgraphsConfig(Config, frozen=True):
    defaults: SubgraphDefaults = field(default_factory=SubgraphDefaults)
    by_name: Annotated[
        dict[str, SubgraphConfig], Meta(description="Settings of single subgraphs, by name.")
    ] = field(default_factory=dict)


class Propagate(Config, frozen=True):
    """Exactly one of `named` and `matching`."""

    named: Annotated[str | None, Meta(description="The client's header to send on.")] = None
    matching: Annotated[
        str | None, Meta(description="A regular expression for names of headers to send on.")
    ] = None
    rename: Annotated[str | None, Meta(description="The name it is sent under.")] = None
    default: Annotated[str | None, Meta(description="The value when the client sent none.")] = None


class Insert(Config, frozen=True):
    name: Annotated[str, Meta(description="The header to add.")]
    value: Annotated[str, Meta(description="Its value.")]


class Remove(Config, frozen=True):
    named: Annotated[str, Meta(description="The header not to send.")]


class HeaderRule(Config, frozen=True):
    """One of the three; rules apply in order."""

    propagate: Propagate | None = None
    insert: Insert | None = None
    remove: Remove | None = None


class RequestRules(Config, frozen=True):
    request: Annotated[
        tuple[HeaderRule, ...], Meta(description="Rules for requests to subgraphs, in order.")
    ] = ()


def _default_rules() -> RequestRules:
    return RequestRules(
        request=(
            HeaderRule(propagate=Propagate(named="authorization")),
            HeaderRule(propagate=Propagate(named="x-request-id")),
        )
    )


class HeadersConfig(Config, frozen=True):
    all: RequestRules = field(default_factory=_default_rules)
    subgraphs: Annotated[
        dict[str, RequestRules], Meta(description="Rules of single subgraphs, after those for all.")
    ] = field(default_factory=dict)


class ErrorsConfig(Config, frozen=True):
    show_subgraph_errors: Annotated[
        bool, Meta(description="Whether clients see the messages and extensions of subgraphs' errors.")
    ] = False
    max_errors: Annotated[
        Positive, Meta(description="Errors of one answer that are told; the last says how many are not.")
    ] = 1000
    show_subgraphs: Annotated[
        tuple[str, ...], Meta(description="Subgraphs whose errors are shown although others' are not.")
    ] = ()
    client_error_codes: Annotated[
        tuple[str, ...], Meta(description="Codes that blame the client: their message is never masked.")
    ] = (
        "BAD_REQUEST",
        "BAD_USER_INPUT",
        "CONFLICT",
        "FORBIDDEN",
        "GONE",
        "NOT_FOUND",
        "RATE_LIMITED",
        "UNAUTHENTICATED",
    )


class OverridesConfig(Config, frozen=True):
    labels: Annotated[tuple[str, ...], Meta(description="Custom `@override` labels that are on.")] = ()


class JWKSConfig(Config, frozen=True):
    """Exactly one of `url` and `file`."""

    url: Annotated[str | None, Meta(description="Where the key set is served.")] = None
    file: Annotated[str | None, Meta(description="A file with the key set.")] = None
    issuers: Annotated[tuple[str, ...], Meta(description="Values of `iss` accepted; empty accepts any.")] = ()
    audiences: Annotated[
        tuple[str, ...], Meta(description="Values of `aud` accepted; empty accepts any.")
    ] = ()
    algorithms: Annotated[tuple[Algorithm, ...], Meta(description="Signature algorithms accepted.")] = (
        "RS256",
        "ES256",
        "EdDSA",
    )
    refresh_seconds: Annotated[
        Seconds, Meta(description="How long keys are used before the set is read again.")
    ] = 300.0
    min_refetch_seconds: Annotated[
        Seconds, Meta(description="An unknown key id asks for the set again at most this often.")
    ] = 10.0


OnTokenError = Literal["reject", "continue"]


class JWTConfig(Config, frozen=True):
    jwks: Annotated[
        tuple[JWKSConfig, ...], Meta(description="Key sets; without one no token is looked at.")
    ] = ()
    header_name: Annotated[str, Meta(description="The header with the token.")] = "authorization"
    header_prefix: Annotated[str, Meta(description="What stands before the token.")] = "Bearer"
    on_error: Annotated[
        OnTokenError,
        Meta(description="A bad token: `reject` the request, or `continue` as anonymous, without the token."),
    ] = "reject"
    clock_skew_seconds: Annotated[float, Meta(ge=0, description="Tolerance for `exp` and `nbf`.")] = 5.0


class AuthenticationConfig(Config, frozen=True):
    jwt: JWTConfig = field(default_factory=JWTConfig)


class RouterConfig(Config, frozen=True):
    server: ServerConfig = field(default_factory=ServerConfig)
    batching: BatchingConfig = field(default_factory=BatchingConfig)
    cors: CORSConfig = field(default_factory=CORSConfig)
    studio: StudioConfig = field(default_factory=StudioConfig)
    introspection: IntrospectionConfig = field(default_factory=IntrospectionConfig)
    execution: ExecutionConfig = field(default_factory=ExecutionConfig)
    cache: CacheConfig = field(default_factory=CacheConfig)
    subgraphs: SubgraphsConfig = field(default_factory=SubgraphsConfig)
    headers: HeadersConfig = field(default_factory=HeadersConfig)
    errors: ErrorsConfig = field(default_factory=ErrorsConfig)
    overrides: OverridesConfig = field(default_factory=OverridesConfig)
    authentication: AuthenticationConfig = field(default_factory=AuthenticationConfig)


def for_development(config: RouterConfig) -> RouterConfig:
    """What `--dev` changes: plans on request, subgraphs' errors shown, introspection and studio on."""
    return replace(
        config,
        execution=replace(config.execution, expose_query_plan=True),
        errors=replace(config.errors, show_subgraph_errors=True),
        introspection=IntrospectionConfig(enabled=True),
        studio=StudioConfig(enabled=True),
    )
