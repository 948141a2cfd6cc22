"""A folder that operations are published to: a manifest per list, replaced as a whole.

    operations/
        web.json         {"format": "apollo-persisted-query-manifest", "version": 1, "operations": […]}
        partner-a.json

A list is one frontend's or one partner's operations. Publishing adds to it, because clients of versions
before go on asking for theirs; what is to end is revoked by its id.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from router.persisted.folder import locked, replace_file
from router.persisted.manifest import APOLLO, ManifestError, PersistedOperation, read_operations
from router.persisted.publication import Difference, after, difference_of, publication, revocation

LIST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
READABLE = 0o644


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
        return difference_of(self.operations(name), operations)

    def publish(self, name: str, operations: Sequence[PersistedOperation]) -> Difference:
        """Adds them to the list, all or none. An id never changes what it stands for."""
        with self._locked():
            published = self.operations(name)
            difference = publication(name, published, operations)
            following = after(published, difference)
            if following != list(published):
                self._write(name, following)
            return difference

    def revoke(self, name: str, ids: Collection[str]) -> Sequence[PersistedOperation]:
        """Takes them out of the list, all or none; returns them."""
        with self._locked():
            published = self.operations(name)
            revoked = revocation(name, published, ids)
            self._write(name, [each for each in published if each.id not in ids])
            return revoked

    def _path(self, name: str) -> Path:
        if not LIST_NAME.fullmatch(name):
            raise ManifestError(
                f"{name!r} is no name of a list: letters, digits, dot, dash and underscore are"
            )
        return self._folder / f"{name}.json"

    def _write(self, name: str, operations: Sequence[PersistedOperation]) -> None:
        manifest = {"format": APOLLO, "version": 1, "operations": operations}
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        path = self._path(name)
        try:
            replace_file(path, text, READABLE)
        except OSError as error:
            raise ManifestError(f"{path}: cannot be written: {error.strerror or error}") from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locked(self._folder))
            except OSError as error:
                raise ManifestError(
                    f"{self._folder}: cannot be written: {error.strerror or error}"
                ) from error
            yield
