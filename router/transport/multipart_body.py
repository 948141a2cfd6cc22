"""A subgraph's request with files: GraphQL's multipart request, written while the files arrive.

The parts stand in the order the specification asks for: `operations`, `map`, the files.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator

from router.transport.base import Headers, SubgraphRequest
from router.transport.uploads import Files, Upload, dumps_without_files

UNSAFE = re.compile(r'[\x00-\x1f"\\\x7f]')
MAX_NAME = 255


class MultipartBody:
    """`headers` go with it; iterating gives the body, once."""

    def __init__(self, request: SubgraphRequest) -> None:
        self._boundary = f"plait-{os.urandom(16).hex()}"
        self._operations = _operations(request)
        self._files = _by_file(request.files)
        self.headers: Headers = (
            ("content-type", f"multipart/form-data; boundary={self._boundary}"),
            ("apollo-require-preflight", "true"),
        )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises `UploadFailed`."""
        places = {str(number): places for number, (_, places) in enumerate(self._files)}
        yield self._part("operations") + self._operations + b"\r\n"
        yield self._part("map") + dumps_without_files(places) + b"\r\n"
        for number, (upload, _) in enumerate(self._files):
            await upload.opened()
            yield self._part(str(number), upload)
            async for chunk in upload.chunks():
                yield chunk
            yield b"\r\n"
        yield f"--{self._boundary}--\r\n".encode()

    def _part(self, name: str, upload: Upload | None = None) -> bytes:
        lines = [f"--{self._boundary}", f'Content-Disposition: form-data; name="{name}"']
        if upload is not None:
            lines[1] += f'; filename="{_safe(upload.filename or upload.name)}"'
            lines.append(f"Content-Type: {_safe(upload.content_type or 'application/octet-stream')}")
        return "\r\n".join((*lines, "", "")).encode("utf-8", "replace")


def _operations(request: SubgraphRequest) -> bytes:
    return b"".join((request.document.prefix, b',"variables":', dumps_without_files(request.variables), b"}"))


def _by_file(files: Files) -> list[tuple[Upload, list[str]]]:
    """A file that stands in several places is sent once."""
    found: dict[int, tuple[Upload, list[str]]] = {}
    for place, upload in files:
        found.setdefault(id(upload), (upload, []))[1].append(place)
    return list(found.values())


def _safe(text: str) -> str:
    """A client's words inside a quoted string or a line of their own, and nothing more."""
    return UNSAFE.sub("_", text)[:MAX_NAME]
