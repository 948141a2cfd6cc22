"""A folder that operations are published to: a manifest per list, replaced as a whole.

    operations/
        web.json         {"format": "apollo-persisted-query-manifest", "version": 1, "operations": […]}
        partner-a.json

A list is one frontend's or one partner's operations. Publishing adds to it, because clients of versions
before go on asking for theirs; what is to end is revoked by its id.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

try:
    import fcntl
except ImportError:  # Windows: two publications at once are the caller's to avoid there.
    fcntl = None  # type: ignore[assignment]

from router.persisted.manifest import (
    APOLLO,
    ManifestError,
    PersistedOperation,
    read_operations,
    without_repetition,
)

LIST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
Key = tuple[str, str | None]


class Difference(msgspec.Struct, frozen=True):
    """What publishing would do. `changed` have an id that stands for another text: they cannot be."""

    new: tuple[PersistedOperation, ...]
    known: tuple[PersistedOperation, ...]
    changed: tuple[PersistedOperation, ...]
    missing: tuple[PersistedOperation, ...]
    """Published, and not in what is given: they stay until they are revoked."""


class OperationStore:
    """`folder` is made with the first publication. What cannot be read or written is a `ManifestError`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lists(self) -> Mapping[str, Sequence[PersistedOperation]]:
        """By name, in order."""
        if not self._folder.is_dir():
            return {}
        return {path.stem: read_operations(path) for path in sorted(self._folder.glob("*.json"))}

    def operations(self, name: str) -> Sequence[PersistedOperation]:
        path = self._path(name)
        return read_operations(path) if path.is_file() else ()

    def difference(self, name: str, operations: Sequence[PersistedOperation]) -> Difference:
        published = {_key(each): each for each in self.operations(name)}
        given = {_key(each) for each in operations}
        found = [(each, published.get(_key(each))) for each in operations]
        return Difference(
            tuple(each for each, before in found if before is None),
            tuple(each for each, before in found if before is not None and before.body == each.body),
            tuple(each for each, before in found if before is not None and before.body != each.body),
            tuple(each for key, each in published.items() if key not in given),
        )

    def publish(self, name: str, operations: Sequence[PersistedOperation]) -> Difference:
        """Adds them to the list, all or none. An id never changes what it stands for."""
        with self._locked():
            difference = self.difference(name, without_repetition(operations, name))
            if difference.changed:
                ids = ", ".join(repr(each.id) for each in difference.changed[:5])
                raise ManifestError(
                    f"already published with another text: {ids}. Give the operation a new id."
                )
            if difference.new:
                self._write(name, [*self.operations(name), *difference.new])
            return difference

    def revoke(self, name: str, ids: Collection[str]) -> Sequence[PersistedOperation]:
        """Takes them out of the list, all or none; returns them."""
        with self._locked():
            published = self.operations(name)
            unknown = set(ids) - {each.id for each in published}
            if unknown:
                raise ManifestError(f"not in the list {name!r}: {', '.join(sorted(unknown))}")
            self._write(name, [each for each in published if each.id not in ids])
            return [each for each in published if each.id in ids]

    def _path(self, name: str) -> Path:
        if not LIST_NAME.fullmatch(name):
            raise ManifestError(
                f"{name!r} is no name of a list: letters, digits, dot, dash and underscore are"
            )
        return self._folder / f"{name}.json"

    def _write(self, name: str, operations: Sequence[PersistedOperation]) -> None:
        """A reader finds the list before or the list after, whenever it looks and whatever goes wrong."""
        manifest = {"format": APOLLO, "version": 1, "operations": operations}
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        path = self._path(name)
        try:
            number, temporary = tempfile.mkstemp(dir=self._folder, prefix=f".{name}.")
            with os.fdopen(number, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except OSError as error:
            with contextlib.suppress(OSError, UnboundLocalError):
                os.unlink(temporary)
            raise ManifestError(f"{path}: cannot be written: {error.strerror or error}") from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One publication at a time, of all processes on this machine."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / ".lock").open("w")
        except OSError as error:
            raise ManifestError(f"{self._folder}: cannot be written: {error.strerror or error}") from error
        with lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _key(operation: PersistedOperation) -> Key:
    return operation.id, operation.client_name
