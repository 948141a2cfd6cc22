"""Files in a mutation's variables: a scalar `Upload`, and GraphQL's multipart request over HTTP.

    async def upload_media(…, input): chunk = await input.file.read(65536)

In one process with the router a resolver is given the router's own object, which reads on in the client's
request; over HTTP the file is spooled here first, in memory up to a megabyte and on disk beyond it. Both have
the same three members. https://github.com/jaydenseric/graphql-multipart-request-spec
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any, Protocol, runtime_checkable

import orjson
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

HELD_IN_MEMORY_BYTES = 1_000_000
MOST_OPERATION_BYTES = 4 * 1024 * 1024
MOST_FILE_BYTES = 32_000_000
MOST_FILES = 10
OPERATIONS, MAP = "operations", "map"


class BadForm(Exception):
    """What came is no multipart request of GraphQL's, or larger than it may be."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@runtime_checkable
class UploadedFile(Protocol):
    """The client says name and type: neither proves anything."""

    filename: str | None
    content_type: str | None

    async def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""


@dataclass(slots=True)
class SpooledFile:
    filename: str | None
    content_type: str | None
    spool: SpooledTemporaryFile[bytes] = field(
        default_factory=lambda: SpooledTemporaryFile(HELD_IN_MEMORY_BYTES)  # noqa: SIM115 -- Form.close
    )
    size: int = 0

    async def read(self, size: int = -1) -> bytes:
        return await asyncio.to_thread(self.spool.read, size)

    def write(self, chunk: bytes | bytearray) -> None:
        self.size += len(chunk)
        if self.size > MOST_FILE_BYTES:
            raise BadForm(f"A file has more than {MOST_FILE_BYTES} bytes.", 413)
        self.spool.write(chunk)


@dataclass(slots=True)
class Form:
    """A request's parts as they arrive. `close` it when it was answered."""

    fields: dict[str, bytearray] = field(default_factory=dict)
    files: dict[str, SpooledFile] = field(default_factory=dict)
    _file: SpooledFile | None = None
    _field: bytearray | None = None

    def operation(self) -> Any:
        """The request, with files where it has null for them. Raises BadForm."""
        try:
            operations, places = orjson.loads(self.fields[OPERATIONS]), orjson.loads(self.fields[MAP])
        except (KeyError, orjson.JSONDecodeError) as error:
            raise BadForm("A form has the parts operations and map, both JSON.") from error
        if not isinstance(operations, dict) or not isinstance(places, dict):
            raise BadForm("operations and map are objects.")
        for name, file in self.files.items():
            for place in _listed(places.get(name)):
                _put(operations, place, file)
        return operations

    def close(self) -> None:
        for file in self.files.values():
            file.spool.close()

    def begin(self, segment: MultipartSegment) -> None:
        self._file = self._field = None
        name = segment.name
        if name in self.fields or name in self.files:
            raise BadForm(f"The part {name[:100]!r} came twice.")
        if name in (OPERATIONS, MAP):
            self._field = self.fields[name] = bytearray()
        elif len(self.files) == MOST_FILES:
            raise BadForm(f"More than {MOST_FILES} files.")
        else:
            self._file = self.files[name] = SpooledFile(segment.filename, segment.content_type)

    def receive(self, chunk: bytes | bytearray) -> None:
        if self._file is not None:
            self._file.write(chunk)
        elif self._field is not None:
            self._field += chunk
            if len(self._field) > MOST_OPERATION_BYTES:
                raise BadForm(f"The part operations or map has over {MOST_OPERATION_BYTES} bytes.", 413)

    def rewind(self) -> None:
        for file in self.files.values():
            file.spool.seek(0)


async def read_form(content_type: str, chunks: AsyncIterator[bytes]) -> Form:
    """Raises BadForm."""
    _, options = parse_options_header(content_type)
    form = Form()
    try:
        with PushMultipartParser(options.get("boundary", ""), strict=True) as parser:
            async for chunk in chunks:
                for event in parser.parse(chunk) if chunk else ():
                    if isinstance(event, MultipartSegment):
                        form.begin(event)
                    elif event is not None:
                        form.receive(event)
    except MultipartError as error:
        form.close()
        raise BadForm(f"The form cannot be read: {error}.") from error
    except BaseException:
        form.close()
        raise
    form.rewind()
    return form


def _listed(places: object) -> list[str]:
    if isinstance(places, list) and all(isinstance(place, str) for place in places):
        return places
    raise BadForm("The map names for each file where it stands: a list of paths.")


def _put(operations: Mapping[str, Any], place: str, file: SpooledFile) -> None:
    target: Any = operations
    *path, last = place.split(".")
    try:
        for name in path:
            target = target[int(name)] if isinstance(target, list) else target[name]
        at: Any = int(last) if isinstance(target, list) else last
        if target[at] is not None:
            raise KeyError(last)
        target[at] = file
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadForm(f"The map names {place[:100]!r}, where there is no null for a file.") from error
