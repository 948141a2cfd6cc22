"""Answers that come compressed although the request did not ask for it, as some gateways send them."""

from __future__ import annotations

import zlib

from router.errors import MalformedResponse, ResponseTooLarge

GZIP = 16 + zlib.MAX_WBITS


def unpacked(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """Never more than `max_bytes`, however little came. Raises `MalformedResponse`, `ResponseTooLarge`."""
    if encoding == "identity":
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise MalformedResponse(f"The subgraph's answer is compressed ({encoding}), which nobody asked for.")
    unpacker = zlib.decompressobj(GZIP)
    try:
        text = unpacker.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise MalformedResponse("The subgraph's answer is not gzip, as it says.") from error
    if len(text) > max_bytes:
        raise ResponseTooLarge("The subgraph's answer is larger than one operation may take.")
    if not unpacker.eof:
        raise MalformedResponse("The subgraph's answer is cut short.")
    return text
