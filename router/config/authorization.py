"""Who may have what."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from router.config.base import Config, Seconds

OnDenied = Literal["filter", "reject", "log"]


class AuthorizationConfig(Config, frozen=True):
    on_denied: Annotated[
        OnDenied,
        Meta(
            description="A field that is not granted: `filter` answers null and an error, `reject` refuses"
            " the operation, `log` only logs, a dry run that protects nothing."
        ),
    ] = "filter"
    require_authentication: Annotated[
        bool, Meta(description="Whether anonymous requests are refused with 401.")
    ] = False
    scopes_claims: Annotated[
        tuple[str, ...],
        Meta(description="Claims that list scopes; `a.b` is claim `b` inside claim `a`."),
    ] = ("scope", "scp")
    policies_claims: Annotated[
        tuple[str, ...], Meta(description="Claims that list policies a token meets, as `scopes_claims`.")
    ] = ()
    policy_timeout_seconds: Annotated[
        Seconds, Meta(description="A policy that takes longer is not granted.")
    ] = 1.0
    filter_introspection: Annotated[
        bool, Meta(description="Whether introspection shows each caller only what they may use.")
    ] = False
