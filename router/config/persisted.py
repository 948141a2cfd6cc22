"""Operations that clients name instead of sending them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from router.config.base import Config, Positive, Seconds

Mode = Literal["off", "log", "safelist", "require-id"]


class APQConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether clients may send a hash in place of a text that was sent before.")
    ] = True
    max_bytes: Annotated[
        Positive, Meta(description="Texts kept in memory, together; those used longest ago go first.")
    ] = 20_000_000
    redis_url: Annotated[
        str | None, Meta(description="A Redis or Valkey that several routers share their texts in.")
    ] = None
    ttl_seconds: Annotated[Seconds, Meta(description="How long Redis keeps a text nobody asks for.")] = (
        86_400.0
    )


class PersistedConfig(Config, frozen=True):
    mode: Annotated[
        Mode,
        Meta(
            description="Operations that were not published are run (`off`), run and logged (`log`) or "
            "refused (`safelist`); with `require-id` every text is."
        ),
    ] = "off"
    sources: Annotated[
        tuple[str, ...],
        Meta(description="Files and folders of published operations, followed while they change."),
    ] = ()
    apq: APQConfig = field(default_factory=APQConfig)
