"""The seam between the executor and subgraphs.

The executor makes one `SubgraphDocument` per fetch when an operation is prepared and one
`SubgraphRequest` per request; a transport answers with a `SubgraphResponse` or raises a
`TransportError`. A response is either raw JSON (`body`) or already a Python mapping (`payload`), so a
subgraph in the same process pays for no JSON text at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from router.json import dumps

Headers = tuple[tuple[str, str], ...]
"""Header names are lower case; several values of one name are several pairs."""


Kept = frozenset[bytes] | None
"""Lower-case names of the headers of an answer that somebody reads; None for all of them."""


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


class SubgraphRequest(msgspec.Struct):
    """One request. `max_bytes` bounds the response body.

    `files` are uploads in its variables (`uploads.py`); such a request travels as multipart.

    Deadlines are the executor's: it cancels `send`, and a transport gives up what it holds then.
    """

    document: SubgraphDocument
    variables: Mapping[str, Any]
    headers: Headers
    max_bytes: int
    files: Sequence[tuple[str, Any]] = ()
    _body: bytes | None = None

    @property
    def body(self) -> bytes:
        """The JSON of the request, encoded when first asked for."""
        if self._body is None:
            prefix = self.document.prefix
            variables = (b',"variables":', dumps(self.variables)) if self.variables else ()
            self._body = b"".join((prefix, *variables, b"}"))
        return self._body


class SubgraphResponse(msgspec.Struct, frozen=True):
    """Exactly one of `body` and `payload` is set. `status` is the HTTP status, 200 when there was none.

    `headers` are those of the answer that the transport was told to keep, in order.
    """

    body: bytes | None = None
    payload: Any = None
    status: int = 200
    content_type: str = "application/json"
    headers: Headers = ()


def kept_of(pairs: Iterable[tuple[bytes, bytes]], kept: Kept) -> Headers:
    """Those of an answer's headers that are kept, for transports that have them all at once."""
    lowered = ((name.lower(), value) for name, value in pairs)
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in lowered
        if kept is None or name in kept
    )


class Transport(Protocol):
    """Sends requests to one subgraph.

    For a subgraph's fault `send` raises `TransportError` and nothing else. `start` and `aclose` bracket
    the transport's life; one that was closed may be started again, in another event loop too.
    """

    async def start(self) -> None: ...

    async def send(self, request: SubgraphRequest) -> SubgraphResponse: ...

    async def aclose(self) -> None: ...
