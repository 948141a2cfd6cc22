"""What executing an operation gives."""

from __future__ import annotations

import msgspec

from router.executor.errors import CompletionError, SubgraphError
from router.executor.projection import ResponseData


class Outcome(msgspec.Struct):
    """`encoded` is the response as it is sent, when executing made it on the way, without errors then."""

    data: ResponseData
    errors: list[SubgraphError] = msgspec.field(default_factory=list)
    completion: list[CompletionError] = msgspec.field(default_factory=list)
    encoded: bytes | None = None
