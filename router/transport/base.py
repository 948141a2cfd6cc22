"""The seam between the executor and subgraphs.

The executor makes one `SubgraphDocument` per fetch when an operation is prepared and one
`SubgraphRequest` per request; a transport answers with a `SubgraphResponse` or raises a
`TransportError`. A response is either raw JSON (`body`) or already a Python mapping (`payload`), so a
subgraph in the same process pays for no JSON text at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NewType, Protocol

from router.errors import TransportError
from router.json import dumps

Headers = tuple[tuple[str, str], ...]
"""Header names are lower case; several values of one name are several pairs."""

ServiceName = NewType("ServiceName", str)


@dataclass(frozen=True, slots=True)
class SubgraphDocument:
    """The text a fetch sends, with the part of the JSON body that never changes already encoded."""

    text: str
    operation_name: str | None
    is_mutation: bool = False
    prefix: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        name = b',"operationName":' + dumps(self.operation_name) if self.operation_name else b""
        object.__setattr__(self, "prefix", b'{"query":' + dumps(self.text) + name)


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One request. `deadline` is a time of the event loop's clock; `max_bytes` bounds the response body."""

    document: SubgraphDocument
    variables: Mapping[str, Any]
    headers: Headers
    deadline: float
    max_bytes: int

    def body(self) -> bytes:
        if not self.variables:
            return self.document.prefix + b"}"
        return b"".join((self.document.prefix, b',"variables":', dumps(self.variables), b"}"))


@dataclass(frozen=True, slots=True)
class SubgraphResponse:
    """Exactly one of `body` and `payload` is set. `status` is the HTTP status, 200 when there was none."""

    body: bytes | None = None
    payload: Any = None
    status: int = 200
    content_type: str = "application/json"


class Transport(Protocol):
    """Sends requests to one subgraph. For a subgraph's fault `send` raises `TransportError`, nothing else."""

    async def send(self, request: SubgraphRequest) -> SubgraphResponse: ...

    async def aclose(self) -> None: ...


__all__ = [
    "Headers",
    "ServiceName",
    "SubgraphDocument",
    "SubgraphRequest",
    "SubgraphResponse",
    "Transport",
    "TransportError",
]
