"""Content codings: which one a client takes, answers packed, requests unpacked within a bound.

gzip, Brotli and Zstandard (RFC 9110, sections 8.4 and 12.5.3; RFC 9842 for the names of the others).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from functools import lru_cache

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from router.errors import RequestError

GZIP = 16 + zlib.MAX_WBITS
ZSTD_LEVEL, BROTLI_QUALITY, GZIP_LEVEL = 3, 4, 4
"""Where each takes about as long as encoding the answer did; one level more is twice that."""

MAX_ZSTD_WINDOW = 23
"""Windows of up to 8 MB, as RFC 9659 asks of whoever sends `zstd`."""


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(GZIP_LEVEL, wbits=GZIP)
    return packer.compress(body) + packer.flush()


def _brotli(body: bytes) -> bytes:
    packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    return packed


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body, ZSTD_LEVEL)


PACK: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "br": _brotli, "gzip": _gzip}
"""The quickest first: it is taken where a client likes several alike."""

ACCEPTED = ", ".join(PACK)


@lru_cache(maxsize=256)
def chosen_coding(accept_encoding: str) -> tuple[str | None, bool]:
    """The coding with the highest weight, None for none; and whether the answer may be sent as it is."""
    weights = {coding: weight for coding, weight in map(_weighed, accept_encoding.split(",")) if coding}
    if "x-gzip" in weights:
        weights.setdefault("gzip", weights["x-gzip"])
    anything = weights.get("*", 0.0)
    as_it_is = weights.get("identity", weights.get("*", 1.0)) > 0
    best = max(PACK, key=lambda coding: weights.get(coding, anything))
    weight = weights.get(best, anything)
    if weight <= 0 or weight < weights.get("identity", 0.0):
        return None, as_it_is
    return best, as_it_is


def _weighed(part: str) -> tuple[str, float]:
    coding, _, parameters = part.partition(";")
    name, _, value = parameters.partition("=")
    weight = 1.0
    if name.strip().lower() == "q":
        try:
            weight = float(value)
        except ValueError:
            weight = 0.0
    return coding.strip().lower(), weight


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """A request's body without its coding. Never holds more than about `limit` bytes of it.

    Raises `RequestError`: 413 beyond `limit`, 415 for a coding we do not know or several of them, 400 for a
    body that is not what its coding says.
    """
    coding = encoding.strip().lower()
    unpack = UNPACK.get(coding)
    if unpack is None:
        raise RequestError(
            f"The content-encoding {encoding[:100]!r} is not supported. Send one of {ACCEPTED}, or none.",
            code="UNSUPPORTED_MEDIA_TYPE",
            status=415,
            headers=[("accept-encoding", ACCEPTED)],
        )
    try:
        text, is_whole = unpack(body, limit)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise _broken(coding) from error
    if len(text) > limit:
        raise RequestError(
            f"The request is larger than {limit} bytes once it is unpacked.",
            code="REQUEST_TOO_LARGE",
            status=413,
        )
    if not is_whole:
        raise _broken(coding)
    return text


def _broken(coding: str) -> RequestError:
    return RequestError(
        f"The request is not {coding}, as its content-encoding says.", code="INVALID_GRAPHQL_REQUEST"
    )


Unpack = Callable[[bytes, int], tuple[bytes, bool]]
"""At most about one byte more than the limit, and whether that is all of it and nothing came behind."""


def _ungzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = zlib.decompressobj(GZIP)
    text = unpacker.decompress(body, limit + 1)
    return text, unpacker.eof and not unpacker.unused_data


def _unbrotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = brotli.Decompressor()
    parts = [unpacker.process(body, output_buffer_limit=limit + 1)]
    size = len(parts[0])
    while size <= limit and not unpacker.is_finished() and not unpacker.can_accept_more_data():
        parts.append(unpacker.process(b"", output_buffer_limit=limit + 1 - size))
        size += len(parts[-1])
    return b"".join(parts), unpacker.is_finished()


def _unzstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: MAX_ZSTD_WINDOW})
    text = unpacker.decompress(body, limit + 1)
    return text, unpacker.eof and not unpacker.unused_data


UNPACK: dict[str, Unpack] = {
    "identity": lambda body, limit: (body, True),
    "gzip": _ungzip,
    "x-gzip": _ungzip,
    "br": _unbrotli,
    "zstd": _unzstd,
}
