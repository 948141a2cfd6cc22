"""What executing an operation gives."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from router.executor.errors import CompletionError, SubgraphError
from router.executor.projection import ResponseData
from router.transport.base import Headers


class Outcome(msgspec.Struct):
    """`encoded` is the response as it is sent, when executing made it on the way, without errors then.

    `received` are headers that subgraphs answered with and their transports kept; `fetches` is how many
    requests were made.
    """

    data: ResponseData
    errors: list[SubgraphError] = msgspec.field(default_factory=list)
    completion: list[CompletionError] = msgspec.field(default_factory=list)
    encoded: bytes | None = None
    received: Sequence[tuple[str, Headers]] = ()
    fetches: int = 0
