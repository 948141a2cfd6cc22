"""ETag and 304 for operations with GET: a client that has the answer already is not sent it again.

The tag is weak, because the same answer may leave in several codings (RFC 9110, section 8.8.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from router.http.exchange import RawHeaders

CACHE_CONTROL = b"cache-control"
ASK_AGAIN = (CACHE_CONTROL, b"private, no-cache")
"""Where no subgraph says how long its answer may be kept, a browser may keep it and has to ask."""

NOT_KEPT = (CACHE_CONTROL, b"no-store")
DIGEST_BYTES = 16


def with_validators(body: bytes, headers: RawHeaders, *, is_whole: bool) -> RawHeaders:
    """`headers` and what a cache needs. `is_whole`: the answer has no errors. O(body)."""
    if not is_whole:
        return (*(pair for pair in headers if pair[0] != CACHE_CONTROL), NOT_KEPT)
    if not any(name == CACHE_CONTROL for name, _ in headers):
        headers = (*headers, ASK_AGAIN)
    if (CACHE_CONTROL, b"no-store") in headers:
        return headers
    return (*headers, (b"etag", b'W/"%s"' % blake2b(body, digest_size=DIGEST_BYTES).hexdigest().encode()))


def is_known(request: Mapping[str, str], headers: RawHeaders) -> bool:
    """Whether the client named the answer's tag, compared weakly (RFC 9110, section 13.1.2)."""
    asked = request.get("if-none-match")
    if asked is None:
        return False
    tag = next((value for name, value in headers if name == b"etag"), None)
    if tag is None:
        return False
    opaque = tag.decode().removeprefix("W/")
    return asked.strip() == "*" or opaque in (each.strip().removeprefix("W/") for each in asked.split(","))
