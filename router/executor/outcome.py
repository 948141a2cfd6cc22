"""What executing an operation gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.executor.errors import CompletionError, SubgraphError
from router.executor.projection import ResponseData


@dataclass(slots=True)
class Outcome:
    """`encoded` is the response as it is sent, when executing made it on the way, without errors then."""

    data: ResponseData
    errors: list[SubgraphError] = field(default_factory=list)
    completion: list[CompletionError] = field(default_factory=list)
    encoded: bytes | None = None
