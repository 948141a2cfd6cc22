"""Published operations as tools of assistants, by the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from router.config.base import Config, Positive, Seconds

MCPCallers = Literal["partners", "authenticated", "anyone"]


class MCPSessionsConfig(Config, frozen=True):
    enabled: Annotated[
        bool,
        Meta(
            description="Whether clients of protocols before 2026-07-28 get sessions, in which they hear "
            "that tools changed; a session is one process's own."
        ),
    ] = False
    max_sessions: Annotated[Positive, Meta(description="At a time, per process; more get 503.")] = 1000
    idle_timeout_seconds: Annotated[
        Seconds, Meta(description="How long a session without a request is kept.")
    ] = 1800.0


class MCPOAuthConfig(Config, frozen=True):
    """Off without an authorization server."""

    authorization_servers: Annotated[
        tuple[str, ...],
        Meta(
            description="Issuers where assistants get tokens, as their metadata name them (RFC 8414); "
            "empty: none."
        ),
    ] = ()
    resource: Annotated[
        str | None,
        Meta(
            description="Where clients reach the tools, such as `https://graph.example/mcp`: what tokens are "
            "asked for (RFC 8707), so an entry of `authentication.jwt.jwks[].audiences`."
        ),
    ] = None
    scopes: Annotated[
        tuple[str, ...],
        Meta(
            description="Scopes that a token needs for tools, announced to clients; partner keys need none."
        ),
    ] = ()


class MCPConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether published operations are served as tools (`plait[mcp]`).")
    ] = False
    path: Annotated[str, Meta(pattern="^/", description="Where assistants call.")] = "/mcp"
    callers: Annotated[
        MCPCallers,
        Meta(
            description="Whose tools there are: of partners with a key (`partners`), besides those of "
            "`persisted_operations.sources` for who has a token (`authenticated`), or for all (`anyone`)."
        ),
    ] = "partners"
    allowed_hosts: Annotated[
        tuple[str, ...],
        Meta(
            description="Names that clients may call the router by (`Host`, without its port); empty allows "
            "those of this machine when it listens there alone, else any."
        ),
    ] = ()
    allowed_origins: Annotated[
        tuple[str, ...],
        Meta(description="Origins whose pages may call, besides the router's own and those of a partner."),
    ] = ()
    max_listeners: Annotated[
        Positive, Meta(description="Streams that wait for changes of the tools at a time, per process.")
    ] = 1000
    sessions: MCPSessionsConfig = field(default_factory=MCPSessionsConfig)
    oauth: MCPOAuthConfig = field(default_factory=MCPOAuthConfig)
