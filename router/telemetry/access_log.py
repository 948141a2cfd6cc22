"""A line of JSON for each operation, and for each request that has none that could be read."""

from __future__ import annotations

import hashlib
import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from time import perf_counter
from typing import BinaryIO

from router.errors import ConfigError
from router.json import dumps
from router.pipeline.facts import OperationFacts
from router.telemetry.observer import Observed

logger = logging.getLogger(__name__)

MAX_REMEMBERED = 10_000
"""Characters of a text."""
MAX_ADDRESS = 100
HEAD = (
    b'{"time":"%b.%03d+00:00","request_id":%b,"method":%b,"status":%d,"duration":%.6f,"answer_bytes":%d%b%b'
)
Write = Callable[[bytes], object]


class AccessLog:
    """What is unknown is left out. Durations are in seconds, as are `now`, since 1970, and `clock`, of which
    is when a request began.

    A line is put together from pieces of JSON: what is the same for many requests, the client and the
    operation, is written once and remembered.
    """

    def __init__(
        self, write: Write, now: Callable[[], float] = time.time, clock: Callable[[], float] = perf_counter
    ) -> None:
        self._write = write
        self._now = now
        self._clock = clock
        self._second = 0
        self._second_text = b""

    def ended(self, observed: Observed) -> None:
        head = self._head(observed)
        operations = observed.operations
        if not operations:
            self._write(b"%b%b}\n" % (head, _codes(observed.codes)))
        for facts in operations:
            codes = _codes(facts.codes or observed.codes)
            self._write(b"%b%b%b}\n" % (head, codes, _operation(facts) if facts.text else b""))

    def _head(self, observed: Observed) -> bytes:
        headers = observed.headers
        address, name, version = headers.get("x-forwarded-for"), observed.client_name, observed.client_version
        is_short = address is None or len(address) < MAX_ADDRESS
        client = (_client if is_short else _client.__wrapped__)(address, name, version, observed.partner)
        ended = self._now() - (self._clock() - observed.began - observed.seconds)
        second = int(ended)
        if second != self._second:
            self._second = second
            self._second_text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
        count = len(observed.operations)
        return HEAD % (
            self._second_text,
            int((ended - second) * 1000),
            dumps(headers.get("x-request-id")),
            dumps(observed.method),
            observed.status,
            observed.seconds,
            observed.answer_bytes,
            client,
            b',"batch":%d' % count if count > 1 else b"",
        )


def _codes(codes: tuple[str, ...]) -> bytes:
    return b',"codes":' + dumps(codes) if codes else b""


@lru_cache(maxsize=1000)
def _client(address: str | None, name: str | None, version: str | None, partner: str | None) -> bytes:
    return _pieces(client_address=address, client_name=name, client_version=version, partner=partner)


def _operation(facts: OperationFacts) -> bytes:
    operation, text = facts.operation, facts.text
    remembered = _named if len(text) < MAX_REMEMBERED else _named.__wrapped__
    kind, name = (operation.kind, operation.name or None) if operation is not None else (None, None)
    line = b'%b,"fetches":%d' % (remembered(text, kind, name), facts.fetches)
    if facts.estimated_cost is not None:
        line += b',"cost_estimated":' + dumps(facts.estimated_cost)
    if facts.actual_cost is not None:
        line += b',"cost_actual":' + dumps(facts.actual_cost)
    if facts.prepared is not None:
        line += b',"preparing":%.6f' % (facts.prepared - facts.began)
        if facts.executed is not None:
            line += b',"executing":%.6f' % (facts.executed - facts.prepared)
    return line


@lru_cache(maxsize=1000)
def _named(text: str, kind: str | None, name: str | None) -> bytes:
    """Of an operation, whose text does not fill the memory."""
    hash_ = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return _pieces(operation_hash=hash_, operation_kind=kind, operation_name=name)


def _pieces(**known: str | None) -> bytes:
    """`,"key":"value"` for each that is known."""
    return b"".join(
        b',"%b":%b' % (key.encode(), dumps(value)) for key, value in known.items() if value is not None
    )


class LineFile:
    """A file, or standard output, that lines are appended to whole; several processes may share it.

    Lines are collected until `flush`: a write for each would cost a small operation as much as all else that
    is done for it. What is there is written when the file is closed. What cannot be written (a full disk) is
    lost, and the log says so once until it goes well again.

    Raises `ConfigError` when it cannot be opened. Closed, it is opened again with the next line.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._lines: list[bytes] = []
        self._is_failing = False
        try:
            self._open()
        except OSError as error:
            message = f"telemetry.access_log.file: {path} cannot be written: {error.strerror or error}"
            raise ConfigError(message) from error
        self.close()

    def add(self, line: bytes) -> None:
        self._lines.append(line)

    def close(self) -> None:
        self.flush()
        if self._file is not None and self._path is not None:
            self._file.close()
        self._file = None

    def flush(self) -> None:
        """One write of all lines."""
        lines, self._lines = self._lines, []
        if not lines:
            return
        try:
            file = self._file or self._open()
            file.write(b"".join(lines))
            file.flush()
        except OSError as error:
            self._fail(len(lines), error)
        else:
            self._is_failing = False

    def _fail(self, lines: int, error: OSError) -> None:
        if self._file is not None and self._path is not None:
            with suppress(OSError):  # What it holds back cannot be written either.
                self._file.close()
            self._file = None
        if not self._is_failing:
            logger.error("%d lines of the access log are lost: %s", lines, error.strerror or error)
        self._is_failing = True

    def _open(self) -> BinaryIO:
        self._file = sys.stdout.buffer if self._path is None else open(self._path, "ab")  # noqa: SIM115
        return self._file
