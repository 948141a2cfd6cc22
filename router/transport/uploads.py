"""Files that a client uploads, on their way to the subgraph that asked for them.

    client ──parts──► UploadSource.advance ──► Upload.chunks ──► multipart_body ──► subgraph

Nobody holds a file: a subgraph's request asks its file for the next chunk, and that reads on in the client's
request. Only a file that arrives before the one that is asked for, or that several requests ask for, is held,
in memory up to a bound and on disk beyond it.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, Protocol

import orjson

from router.errors import TransportError

HELD_IN_MEMORY_BYTES = 1_000_000
READ_BYTES = 65_536
Files = Sequence[tuple[str, "Upload"]]
"""Each with where it stands in the request: `variables.input.files.0`."""


class UploadFailed(TransportError):
    """What arrived is not what was announced; a subgraph gets nothing that it could take for the whole."""

    code = "UPLOAD_FAILED"


class UploadTooLarge(UploadFailed):
    code = "UPLOAD_TOO_LARGE"


class UploadSource(Protocol):
    """Reads on in the client's request; what it reads goes to the files it belongs to."""

    async def advance(self) -> None: ...


class Upload:
    """One file. `filename` and `content_type` are known once it is `opened`; the client says them."""

    def __init__(self, source: UploadSource, name: str, max_bytes: int) -> None:
        self.name = name
        self.filename: str | None = None
        self.content_type: str | None = None
        self._source = source
        self._max_bytes = max_bytes
        self._size = 0
        self._is_open = self._is_complete = False
        self._is_wanted = self._is_taken = False
        self._failure: UploadFailed | None = None
        self._coming: deque[bytes] = deque()
        self._coming_bytes = 0
        self._held: SpooledTemporaryFile[bytes] | None = None
        self._reading: AsyncIterator[bytes] | None = None
        self._unread = b""

    def hold(self) -> None:
        """From now on it is kept: several will read it, or too much came before anybody does."""
        if self._held is None:
            self._held = SpooledTemporaryFile(HELD_IN_MEMORY_BYTES)  # noqa: SIM115 - `close` closes it
            for chunk in self._coming:
                self._held.write(chunk)
            self._coming.clear()

    def close(self) -> None:
        if self._held is not None:
            self._held.close()

    async def opened(self) -> None:
        """Returns when its part has begun. Raises `UploadFailed`."""
        self._is_wanted = True
        while not self._is_open:
            self._raise_failure()
            await self._source.advance()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Raises `UploadFailed`: cut short, too large, or read already and not held."""
        await self.opened()
        if self._held is None and self._is_taken:
            raise UploadFailed(f"The uploaded file {self.name!r} was sent to another request already.")
        self._is_taken = True
        position = 0
        while True:
            chunk = self._next(position)
            position += len(chunk)
            if chunk:
                yield chunk
            elif self._is_complete:
                return
            else:
                self._raise_failure()
                await self._source.advance()

    async def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all; for subgraphs in this process."""
        if self._reading is None:
            self._reading = self.chunks()
        while size < 0 or len(self._unread) < size:
            try:
                self._unread += await anext(self._reading)
            except StopAsyncIteration:
                break
        end = len(self._unread) if size < 0 else size
        taken, self._unread = self._unread[:end], self._unread[end:]
        return taken

    def _next(self, position: int) -> bytes:
        if self._held is not None:
            self._held.seek(position)
            return self._held.read(READ_BYTES)
        if not self._coming:
            return b""
        chunk = self._coming.popleft()
        self._coming_bytes -= len(chunk)
        return chunk

    # What the source tells it.

    def begin(self, filename: str | None, content_type: str | None) -> None:
        self.filename, self.content_type = filename, content_type
        self._is_open = True

    def receive(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._max_bytes:
            message = f"The uploaded file {self.name!r} is larger than {self._max_bytes} bytes."
            self.fail(UploadTooLarge(message))
        if self._failure is not None:
            return
        if self._held is not None:
            self._held.seek(0, os.SEEK_END)
            self._held.write(chunk)
            return
        self._coming.append(chunk)
        self._coming_bytes += len(chunk)
        if self._coming_bytes > HELD_IN_MEMORY_BYTES and not self._is_wanted:
            self.hold()

    def complete(self) -> None:
        self._is_complete = self._failure is None

    def fail(self, failure: UploadFailed) -> None:
        if not self._is_complete and self._failure is None:
            self._failure = failure
            self._coming.clear()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure


def files_in(variables: Mapping[str, Any]) -> list[tuple[str, Upload]]:
    """O(values)."""
    return list(_files(variables, "variables"))


def _files(value: Any, place: str) -> Iterator[tuple[str, Upload]]:
    match value:
        case Upload():
            yield place, value
        case dict():
            for key, child in value.items():
                yield from _files(child, f"{place}.{key}")
        case list():
            for index, child in enumerate(value):
                yield from _files(child, f"{place}.{index}")
        case _:
            return


def dumps_without_files(value: Any) -> bytes:
    """JSON with null where a file stands (GraphQL multipart request specification)."""
    try:
        return orjson.dumps(value, default=_no_file)
    except TypeError:  # An integer beyond 64 bits.
        return json.dumps(value, default=_no_file, ensure_ascii=False, separators=(",", ":")).encode()


def _no_file(value: Any) -> None:
    if not isinstance(value, Upload):
        raise TypeError
