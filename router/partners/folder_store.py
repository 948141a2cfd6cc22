"""Partners in a folder: a file each, and a SQLite database of what they used.

Several routers and commands on one machine may use it at once. The folder is theirs alone (0700).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from router.partners.errors import PartnerStoreError
from router.partners.partner import DayOfUse, Partner
from router.partners.store import KEPT_DAYS, Change, Used, decoded, encoded, require_name
from router.persisted.folder import locked, replace_file

OURS_ALONE = 0o700
FILE_MODE = 0o600
USAGE = "usage.sqlite3"
BUSY_SECONDS = 5.0
MAX_BYTES = 100_000_000

SCHEMA = """
CREATE TABLE IF NOT EXISTS used (
    partner TEXT, day TEXT, what TEXT, name TEXT, count REAL NOT NULL,
    PRIMARY KEY (partner, day, what, name)
) WITHOUT ROWID
"""
ADD = """
INSERT INTO used VALUES (?, ?, ?, ?, ?)
ON CONFLICT (partner, day, what, name) DO UPDATE SET count = count + excluded.count
"""

FORGET = "DELETE FROM used WHERE partner = ? AND day < date(?, ?)"


class FolderStore:
    """`folder` is made with the first partner; without it there are none."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self._opened: tuple[sqlite3.Connection, int] | None = None
        """With the number of the file that it is of: somebody may have put another there."""
        self._using = threading.Lock()

    def version(self) -> str:
        with self._told("read"):
            return repr([(path.name, *_stamp(path)) for path in self._files()])

    def read(self) -> Mapping[str, Partner]:
        with self._told("read"):
            return {path.stem: _read(path) for path in self._files()}

    def change(self, name: str, change: Change) -> Partner:
        path = self._folder / f"{require_name(name)}.json"
        with self._told("written"), locked(self._folder, OURS_ALONE):
            partner = change(_read(path) if path.is_file() else None)
            replace_file(path, msgspec.json.format(encoded(partner), indent=2), FILE_MODE)
            return partner

    def add_use(self, used: Used) -> Used:
        rows = [(name, day.day, *row) for name, day in used.items() for row in _rows(day)]
        old = {(name, day, f"-{KEPT_DAYS} days") for name, day, *_ in rows}
        with self._told("written"), self._database() as database, database:
            if rows:  # To ask is no reason to write: it happens each second.
                database.executemany(ADD, rows)
                database.executemany(FORGET, old)
            return {name: _total(database, name, day.day) for name, day in used.items()}

    def use(self, name: str, days: int) -> list[DayOfUse]:
        if not self._folder.is_dir():
            return []
        with self._told("read"), self._database() as database:
            return _days(database, name, min(days, KEPT_DAYS))

    def close(self) -> None:
        """Opened again when it is used again."""
        with self._using:
            self._close()

    def __del__(self) -> None:
        """Commands end without a word."""
        self._close()

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """One thread at a time."""
        with self._using:
            try:
                yield self._connection()
            except sqlite3.Error:
                self._close()
                raise

    def _connection(self) -> sqlite3.Connection:
        path = self._folder / USAGE
        number = path.stat().st_ino if path.exists() else 0
        if self._opened is not None and self._opened[1] == number:
            return self._opened[0]
        self._close()
        self._folder.mkdir(mode=OURS_ALONE, parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
        self._opened = database, path.stat().st_ino
        database.execute("PRAGMA journal_mode = WAL")
        # Somebody waits for each commit; a power cut may take the last second.
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(SCHEMA)
        return database

    def _close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened[0].close()

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            place = error.filename or self._folder
            raise PartnerStoreError(f"{place}: cannot be {what}: {error.strerror or error}") from error
        except sqlite3.Error as error:
            raise PartnerStoreError(f"{self._folder / USAGE}: cannot be {what}: {error}") from error


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _read(path: Path) -> Partner:
    if path.stat().st_size > MAX_BYTES:
        raise PartnerStoreError(f"{path}: larger than {MAX_BYTES} bytes")
    try:
        return decoded(path.stem, path.read_bytes())
    except PartnerStoreError as error:
        raise PartnerStoreError(f"{path}: {error.message}") from error


def _rows(day: DayOfUse) -> Iterator[tuple[str, str, float]]:
    if day.operations or day.cost:
        yield "operations", "", day.operations
        yield "cost", "", day.cost
    yield from (("operation", id_, count) for id_, count in day.by_operation.items())
    yield from (("code", code, count) for code, count in day.codes.items())


def _total(database: sqlite3.Connection, name: str, day: str) -> DayOfUse:
    rows = database.execute(
        "SELECT what, count FROM used WHERE partner = ? AND day = ? AND what IN ('operations', 'cost')",
        (name, day),
    )
    found = dict(rows.fetchall())
    return DayOfUse(day, int(found.get("operations", 0)), found.get("cost", 0.0))


def _days(database: sqlite3.Connection, name: str, days: int) -> list[DayOfUse]:
    rows = database.execute(
        "SELECT day, what, name, count FROM used WHERE partner = ? AND day IN"
        " (SELECT DISTINCT day FROM used WHERE partner = ? ORDER BY day DESC LIMIT ?)"
        " ORDER BY day DESC, what, count DESC, name",
        (name, name, days),
    )
    found: dict[str, dict[str, dict[str, float]]] = {}
    for day, what, key, count in rows:
        found.setdefault(day, {}).setdefault(what, {})[key] = count
    return [_day(day, parts) for day, parts in found.items()]


def _day(day: str, parts: Mapping[str, Mapping[str, float]]) -> DayOfUse:
    return DayOfUse(
        day,
        int(parts.get("operations", {}).get("", 0)),
        parts.get("cost", {}).get("", 0.0),
        {id_: int(count) for id_, count in parts.get("operation", {}).items()},
        {code: int(count) for code, count in parts.get("code", {}).items()},
    )
