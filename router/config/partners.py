"""Partners: who calls with a key of their own."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from router.config.base import Config, Seconds


class PartnersConfig(Config, frozen=True):
    store: Annotated[
        str | None,
        Meta(description="Where partners are kept: a folder, or a Redis by its URL; without one none are."),
    ] = None
    required: Annotated[
        bool, Meta(description="Whether requests without a partner's key are refused with 401.")
    ] = False
    key_headers: Annotated[
        tuple[str, ...],
        Meta(
            min_length=1,
            description="Headers that carry a key; in `authorization` it stands behind `Bearer`, beside other"
            " clients' tokens.",
        ),
    ] = ("authorization", "x-api-key")
    introspection: Annotated[
        bool,
        Meta(description="Whether partners may ask for their contract's schema where nobody else may ask."),
    ] = False
    portal: Annotated[bool, Meta(description="Whether partners have a page of their own at `/partner`.")] = (
        True
    )
    max_stale_seconds: Annotated[
        Seconds,
        Meta(description="When the store has been away for longer, partners are answered with 503."),
    ] = 30.0
