"""Authorize: a guarded operation becomes the one that is prepared for what this request is granted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from router.authorization.grant import Grants
from router.authorization.restore import UNAUTHORIZED, DenialVariant
from router.config import OnDenied
from router.errors import GraphQLErrorDict, RefusedOperation
from router.pipeline.request import RequestContext
from router.pipeline.return_headers import RawHeaders

logger = logging.getLogger(__name__)
CACHE_CONTROL = b"cache-control"
NO_STORE: RawHeaders = ((CACHE_CONTROL, b"no-store"),)


class UnauthorizedOperation(RefusedOperation):
    """Something it asks for is not granted, and the operation is refused as a whole."""

    def __init__(self, errors: Sequence[GraphQLErrorDict]) -> None:
        super().__init__(
            "The operation asks for what is not granted.", code=UNAUTHORIZED, status=403, errors=errors
        )


def unshared(headers: RawHeaders) -> RawHeaders:
    """The headers of an answer that others might get another of: whatever subgraphs say, nobody keeps it."""
    if not headers:
        return NO_STORE
    others = (header for header in headers if header[0].lower() != CACHE_CONTROL)
    return (*others, *NO_STORE)


@dataclass(frozen=True, slots=True)
class Authorization:
    """`grants` is None where nothing is protected: then no operation is guarded."""

    grants: Grants | None
    on_denied: OnDenied = "filter"

    async def granted(self, required: int, context: RequestContext) -> int:
        """The bits of `required` that this client is granted."""
        assert self.grants is not None, "only a protected supergraph has guarded operations"
        known = self.grants.recall(required, context.claims)
        if known is not None:
            return known
        return await self.grants.of(required, context.claims, context.headers)

    def settle(self, denied: DenialVariant, name: str | None, request_id: str | None) -> DenialVariant | None:
        """What is to be restored in the answer, if anything. Raises `UnauthorizedOperation`."""
        if not denied.errors:
            return denied if self.on_denied != "log" else None
        if self.on_denied == "reject":
            raise UnauthorizedOperation(denied.errors)
        if self.on_denied == "filter":
            return denied
        paths = [".".join(error["path"]) for error in denied.errors if "path" in error]
        logger.warning(
            "Not granted, and answered all the same (authorization.on_denied is log): operation %s, %s [%s]",
            name,
            ", ".join(paths),
            request_id,
        )
        return None
