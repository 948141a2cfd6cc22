"""What goes through the pipeline: a request, what is known about who sent it, and the response.

What every request makes is a msgspec `Struct`: making one takes a quarter of a frozen dataclass's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from router.errors import GraphQLErrorDict
from router.executor.projection import ResponseData
from router.json import dumps, encode_struct

if TYPE_CHECKING:
    from router.pipeline.caller import Caller

Claims = Mapping[str, Any]


class PlanMode(Enum):
    """The `Apollo-Expose-Query-Plan` header, when it is honoured."""

    HIDDEN = "hidden"
    EXPOSED = "exposed"
    DRY_RUN = "dry-run"


class GraphQLRequest(msgspec.Struct, frozen=True):
    """`variables` are the client's values, untouched. `has_files`: uploads are among them.

    `document_id` is a published operation's id, `query_hash` the SHA-256 of a text; with one of them `query`
    may be empty until the operation is looked up.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = msgspec.field(default_factory=dict)
    extensions: Mapping[str, Any] = msgspec.field(default_factory=dict)
    has_files: bool = False
    document_id: str | None = None
    query_hash: str | None = None


class RequestContext(msgspec.Struct, frozen=True):
    """`headers` have lower-case names. `claims` is None for an anonymous client, `caller` for everybody who
    has no key of their own.
    """

    headers: Mapping[str, str]
    is_get: bool = False
    claims: Claims | None = None
    plan_mode: PlanMode = PlanMode.HIDDEN
    caller: Caller | None = None


class GraphQLResponse(msgspec.Struct, eq=False):
    """`has_data` tells `data: null` from no data at all. `encoded` is its JSON once somebody needed it.

    `headers` are for the client, from subgraphs' answers.
    """

    data: ResponseData = None
    errors: list[GraphQLErrorDict] = msgspec.field(default_factory=list)
    extensions: Mapping[str, Any] | None = None
    has_data: bool = True
    encoded: bytes | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        response: dict[str, Any] = {}
        if self.has_data:
            data = self.data
            response["data"] = msgspec.to_builtins(data) if isinstance(data, msgspec.Struct) else data
        if self.errors:
            response["errors"] = self.errors
        if self.extensions:
            response["extensions"] = self.extensions
        return response

    def to_bytes(self) -> bytes:
        """Encoded once, however many clients share the response."""
        if self.encoded is None:
            self.encoded = self._encode()
        return self.encoded

    def _encode(self) -> bytes:
        if isinstance(self.data, msgspec.Struct) and not self.errors and not self.extensions:
            return b'{"data":' + encode_struct(self.data) + b"}"
        return dumps(self.to_dict())
