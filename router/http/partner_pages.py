"""CORS for partners' pages: what a browser asks before it sends a key, and who may read the answer.

    OPTIONS, from a page of any partner, about sending a key  ──►  allowed, without cookies
    a request with a key, from such a page                    ──►  the engine judges the origin by its partner
                                                                   and the page may read the answer

Which partner's key it will be is not known when the browser asks, so the pages of all partners may. Origins
that `cors` knows are its own: pages of ours go on as before.
"""

from __future__ import annotations

import re

from router.config import CORSConfig
from router.http.cors import allows_origin
from router.http.exchange import Message, Scope, Send, respond
from router.partners.registry import Partners

HEADER_NAMES = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z, -]{1,2000}")
MAX_AGE_SECONDS = 600


class PartnerPages:
    def __init__(self, partners: Partners, cors: CORSConfig) -> None:
        self._partners = partners
        self._cors = cors
        self._max_age = str(MAX_AGE_SECONDS).encode()

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Whether it was a browser's question, and ours to answer."""
        if scope["method"] != "OPTIONS":
            return False
        headers = dict(scope["headers"])
        asked = headers.get(b"access-control-request-headers", b"")
        origin = self._origin(headers)
        if origin is None or not self._asks_for_a_key(asked) or not HEADER_NAMES.fullmatch(asked):
            return False
        allowed = [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-methods", b"GET, POST"),
            (b"access-control-allow-headers", asked),
            (b"access-control-max-age", self._max_age),
            (b"vary", b"origin, access-control-request-headers"),
        ]
        await respond(send, 200, b"", allowed)
        return True

    def showing(self, scope: Scope, send: Send) -> Send:
        """`send` with what lets a partner's page read the answer; `send` itself for everybody else."""
        headers = dict(scope["headers"])
        if b"origin" not in headers or not self._carries_key(headers):
            return send
        origin = self._origin(headers)
        if origin is None:
            return send

        async def shown(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(b"access-control-allow-origin", origin)]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        return shown

    def _origin(self, headers: dict[bytes, bytes]) -> bytes | None:
        """A partner's, and no business of `cors`."""
        origin = headers.get(b"origin")
        if origin is None:
            return None
        name = origin.decode("latin-1")
        is_ours = self._partners.allows_origin(name) and not allows_origin(self._cors, name)
        return origin if is_ours else None

    def _carries_key(self, headers: dict[bytes, bytes]) -> bool:
        sources = self._partners.sources
        found = {name: headers[name.encode()] for name in sources.names if name.encode() in headers}
        return sources.carries({name: value.decode("latin-1") for name, value in found.items()})

    def _asks_for_a_key(self, asked: bytes) -> bool:
        names = {name.strip().lower() for name in asked.decode("latin-1").split(",")}
        return not names.isdisjoint(self._partners.sources.names)
