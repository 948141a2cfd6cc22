"""Whose tokens are believed."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from router.config.base import Config, Seconds

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    "HS256", "HS384", "HS512",
]  # fmt: skip
OnTokenError = Literal["reject", "continue"]


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


class TokenSource(Config, frozen=True):
    """Exactly one of `header` and `cookie`."""

    header: Annotated[str | None, Meta(description="A header with the token.")] = None
    prefix: Annotated[str, Meta(description="What stands before the token in the header.")] = "Bearer"
    cookie: Annotated[str | None, Meta(description="A cookie with the token.")] = None


class JWTConfig(Config, frozen=True):
    jwks: Annotated[
        tuple[JWKSConfig, ...], Meta(description="Key sets; without one no token is looked at.")
    ] = ()
    header_name: Annotated[str, Meta(description="The header with the token.")] = "authorization"
    header_prefix: Annotated[str, Meta(description="What stands before the token.")] = "Bearer"
    sources: Annotated[
        tuple[TokenSource, ...],
        Meta(description="Where tokens are looked for, the first one counts; empty is `header_name` alone."),
    ] = ()
    on_error: Annotated[
        OnTokenError,
        Meta(description="A bad token: `reject` the request, or `continue` as anonymous, without the token."),
    ] = "reject"
    clock_skew_seconds: Annotated[float, Meta(ge=0, description="Tolerance for `exp` and `nbf`.")] = 5.0


class AuthenticationConfig(Config, frozen=True):
    jwt: JWTConfig = field(default_factory=JWTConfig)
