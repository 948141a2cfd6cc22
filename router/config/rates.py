"""How often clients may ask."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from router.config.base import Config, Positive, Seconds

LimitBy = Literal["ip", "client", "header", "claim", "all"]


class RateLimit(Config, frozen=True):
    name: Annotated[str, Meta(min_length=1, description="Its name: what is counted under it is kept by it.")]
    count: Annotated[Positive, Meta(description="Operations at once; then one more each `seconds / count`.")]
    seconds: Annotated[Seconds, Meta(description="How long it takes until `count` may come at once again.")]
    by: Annotated[
        LimitBy,
        Meta(
            description="Who shares a limit: an address, a client's name, the value of a header or claim"
            " (those without it by address), or `all`."
        ),
    ] = "ip"
    key: Annotated[str | None, Meta(description="The header or claim of `by`.")] = None


class RateLimitsConfig(Config, frozen=True):
    rules: Annotated[
        tuple[RateLimit, ...], Meta(description="Limits on operations; each one of them must let through.")
    ] = ()
    redis_url: Annotated[
        str | None,
        Meta(description="A Redis or Valkey that routers count in together; without one each for itself."),
    ] = None
