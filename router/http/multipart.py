"""GraphQL's multipart request: an operation whose variables are files, read while they arrive.

    operations   {"query": "mutation($file: Upload!) { … }", "variables": {"file": null}}
    map          {"0": ["variables.file"]}
    0            the file

`operations` and `map` have to come first, as the specification asks for; then the operation begins, and each
file is read on when a subgraph's request wants more of it.
https://github.com/jaydenseric/graphql-multipart-request-spec
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from router.config import UploadsConfig
from router.errors import RequestError
from router.http.exchange import ClientLeft, Receive
from router.json import JSONDecodeError, loads
from router.pipeline.decode import INVALID_REQUEST, request_of
from router.pipeline.request import GraphQLRequest
from router.transport.uploads import Upload, UploadFailed

OPERATIONS, MAP = "operations", "map"
MAX_PLACES = 100
"""Of one file in the variables."""


@lru_cache(maxsize=256)
def is_form(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "multipart/form-data"


class MultipartForm:
    """One client's request. `close` it when it was answered."""

    def __init__(self, content_type: str, receive: Receive, config: UploadsConfig, max_bytes: int) -> None:
        """`max_bytes` bounds `operations` and `map` together. Raises `RequestError`."""
        _, options = parse_options_header(content_type)
        try:
            self._parser = PushMultipartParser(options.get("boundary", ""), strict=True)
        except MultipartError as error:
            raise _bad("The content-type names no usable boundary.") from error
        self._receive = receive
        self._config = config
        self._left = max_bytes
        self._fields: dict[str, bytearray] = {}
        self._field: str | None = None
        self._file: Upload | None = None
        self._files: dict[str, Upload] = {}
        self._expected: dict[str, Upload] = {}
        self._request: GraphQLRequest | None = None
        self._lock = asyncio.Lock()
        self._failure: UploadFailed | None = None

    async def request(self) -> GraphQLRequest:
        """The operation, with `Upload`s in its variables. Raises `RequestError`, `ClientLeft`."""
        while self._request is None:
            try:
                await self.advance()
            except ClientLeftUpload as error:
                raise ClientLeft from error
            except UploadFailed as error:
                raise _bad(error.message) from error
        return self._request

    def close(self) -> None:
        for upload in self._files.values():
            upload.close()

    async def advance(self) -> None:
        """Reads on and hands out what came. Raises `UploadFailed`, `RequestError` before the files begin."""
        async with self._lock:
            if self._failure is not None:
                raise self._failure
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise self._failed(ClientLeftUpload("The client left before its files had arrived."))
            try:
                self._take(message.get("body", b""))
                if not message.get("more_body", False):
                    self._parser.close()
                    self._failed(UploadFailed("The files that the map names were not all sent."))
            except MultipartError as error:
                raise self._failed(UploadFailed(f"The multipart request cannot be read: {error}.")) from error

    def _failed(self, failure: UploadFailed) -> UploadFailed:
        """Nothing more comes: files that are not whole by now never will be."""
        self._failure = failure
        for upload in self._files.values():
            upload.fail(failure)
        return failure

    def _take(self, body: bytes) -> None:
        for event in self._parser.parse(body) if body else ():
            if isinstance(event, MultipartSegment):
                self._begin(event)
            elif event is None:
                self._end()
            elif self._file is not None:
                self._file.receive(bytes(event))
            else:
                self._receive_field(event)

    def _begin(self, segment: MultipartSegment) -> None:
        name = segment.name
        self._field = self._file = None
        if self._request is not None:
            self._file = self._expected.pop(name, None)
            if self._file is None:
                raise MultipartError(f"the map does not name the part {name[:100]!r}, or it came before")
            self._file.begin(segment.filename, segment.content_type)
        elif name in (OPERATIONS, MAP) and name not in self._fields:
            self._field = name
            self._fields[name] = bytearray()
        else:
            raise _bad("The parts operations and map have to come first, once each.")

    def _receive_field(self, chunk: bytes | bytearray) -> None:
        assert self._field is not None
        self._left -= len(chunk)
        if self._left < 0:
            raise RequestError(
                "The operations and the map are larger than a request may be.",
                code="REQUEST_TOO_LARGE",
                status=413,
            )
        self._fields[self._field] += chunk

    def _end(self) -> None:
        if self._file is not None:
            self._file.complete()
        elif len(self._fields) == 2:
            self._make_request()

    def _make_request(self) -> None:
        operations = _json(self._fields[OPERATIONS], OPERATIONS)
        if isinstance(operations, list):
            raise _bad("A batch cannot have files.")
        places = _json(self._fields[MAP], MAP)
        if not isinstance(places, dict) or not all(map(_are_places, places.values())):
            raise _bad('The map is an object of lists of places, like {"0": ["variables.file"]}.')
        if len(places) > self._config.max_files:
            raise RequestError(
                f"The request has {len(places)} files; at most {self._config.max_files} are allowed.",
                code="REQUEST_TOO_LARGE",
                status=413,
            )
        for name, where in places.items():
            upload = self._files[name] = self._expected[name] = Upload(
                self, name, self._config.max_file_bytes
            )
            for place in where:
                _put(operations, place, upload)
        request = request_of(operations)
        self._request = GraphQLRequest(
            request.query,
            request.operation_name,
            request.variables,
            request.extensions,
            has_files=bool(places),
        )


class ClientLeftUpload(UploadFailed):
    """Nobody waits for the answer any more."""


def _are_places(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= MAX_PLACES
        and all(isinstance(place, str) for place in value)
    )


def _put(operations: Any, place: str, upload: Upload) -> None:
    """A file stands only where the client wrote null in the variables. Raises `RequestError`."""
    first, *keys = place.split(".")
    holder, key = operations, first
    try:
        for following in keys:
            holder, key = holder[int(key) if isinstance(holder, list) else key], following
        index = int(key) if isinstance(holder, list) else key
        if first != "variables" or not keys or holder[index] is not None:
            raise KeyError(key)
        holder[index] = upload
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise _bad(f"The map names {place[:100]!r}, where the operations have no null for a file.") from error


def _json(text: bytearray, what: str) -> Any:
    try:
        return loads(bytes(text))
    except JSONDecodeError as error:
        raise _bad(f"The part {what} is not JSON.") from error


def _bad(message: str) -> RequestError:
    return RequestError(message, code=INVALID_REQUEST)
