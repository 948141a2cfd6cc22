"""What clients see of subgraphs' errors."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from router.config.base import Config, Positive


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
