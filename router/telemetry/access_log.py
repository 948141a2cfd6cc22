"""A line of JSON for each operation, and for each request that has none that could be read."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, BinaryIO

from router.errors import ConfigError
from router.json import dumps
from router.pipeline.facts import OperationFacts
from router.telemetry.observer import Observed

logger = logging.getLogger(__name__)

MAX_REMEMBERED = 10_000
DELAY = 0.05
MAX_WAITING = 1_000
Write = Callable[[bytes], object]


class AccessLog:
    """What is unknown is left out. Durations are in seconds."""

    def __init__(self, write: Write, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._write = write
        self._now = now

    def begun(self, observed: Observed) -> None:
        """A line is written at the end."""

    def ended(self, observed: Observed) -> None:
        common = self._common(observed)
        if not observed.operations:
            self._write(dumps(common) + b"\n")
        for facts in observed.operations:
            self._write(dumps({**common, **_operation(facts)}) + b"\n")

    def _common(self, observed: Observed) -> dict[str, Any]:
        headers = observed.headers
        line: dict[str, Any] = {
            "time": self._now().isoformat(timespec="milliseconds"),
            "request_id": headers.get("x-request-id"),
            "method": observed.method,
            "status": observed.status,
            "duration": round(observed.seconds, 6),
            "answer_bytes": observed.answer_bytes,
        }
        if "x-forwarded-for" in headers:
            line["client_address"] = headers["x-forwarded-for"]
        if (name := observed.client_name) is not None:
            line["client_name"] = name
        if (version := observed.client_version) is not None:
            line["client_version"] = version
        if observed.partner is not None:
            line["partner"] = observed.partner
        if observed.codes:
            line["codes"] = observed.codes
        if len(observed.operations) > 1:
            line["batch"] = len(observed.operations)
        return line


def _operation(facts: OperationFacts) -> dict[str, Any]:
    if not facts.text:
        return {}
    own: dict[str, Any] = {"operation_hash": _hash(facts.text), "fetches": facts.fetches}
    if facts.codes:
        own["codes"] = facts.codes
    if facts.operation is not None:
        own["operation_kind"] = facts.operation.kind
        if facts.operation.name:
            own["operation_name"] = facts.operation.name
    if facts.estimated_cost is not None:
        own["cost_estimated"] = facts.estimated_cost
    if facts.actual_cost is not None:
        own["cost_actual"] = facts.actual_cost
    if facts.prepared is not None:
        own["preparing"] = round(facts.prepared - facts.began, 6)
        if facts.executed is not None:
            own["executing"] = round(facts.executed - facts.prepared, 6)
    return own


@lru_cache(maxsize=1000)
def _hash_of_short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _hash(text: str) -> str:
    """Remembered for texts that do not fill the memory."""
    return (_hash_of_short if len(text) < MAX_REMEMBERED else _hash_of_short.__wrapped__)(text)


class LineFile:
    """A file, or standard output, that lines are appended to whole; several processes may share it.

    Lines of `DELAY` seconds are written together: a write for each would cost a small operation as much as
    all else that is done for it. What is there is written when the file is closed. What cannot be written
    (a full disk) is lost, and the log says so once until it goes well again.

    Raises `ConfigError` when it cannot be opened. Closed, it is opened again with the next line.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._lines: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        """The timer's: a router may serve in one loop after another."""
        self._is_failing = False
        try:
            self._open()
        except OSError as error:
            message = f"telemetry.access_log.file: {path} cannot be written: {error.strerror or error}"
            raise ConfigError(message) from error
        self.close()

    def write(self, line: bytes) -> None:
        """In the event loop that serves."""
        self._lines.append(line)
        loop = asyncio.get_running_loop()
        if self._timer is None or self._loop is not loop:
            self._loop, self._timer = loop, loop.call_later(DELAY, self._flush)
        elif len(self._lines) >= MAX_WAITING:
            self._flush()

    def close(self) -> None:
        self._flush()
        if self._file is not None and self._path is not None:
            self._file.close()
        self._file = None

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        lines, self._lines, self._timer = self._lines, [], None
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
