"""Published operations by id, made once and replaced as a whole when a source changes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graphql import GraphQLError, strip_ignored_characters

from router.persisted.manifest import PersistedOperation, read_operations, without_repetition


class OperationLists:
    """O(1) per look-up. `texts` knows texts as they were published, and without what GraphQL ignores."""

    def __init__(self, operations: Iterable[PersistedOperation]) -> None:
        self.operations = tuple(operations)
        self._by_id = {(each.id, each.client_name): each for each in self.operations}
        self._clients = {each.client_name for each in self.operations}
        self._of_client: dict[str | None, tuple[PersistedOperation, ...]] = {}
        self._texts = {each.body for each in self.operations}
        self._compact = {compact(text) for text in self._texts}
        self._longest = max(map(len, self._texts), default=0)

    def find(self, id_: str, client_name: str | None) -> PersistedOperation | None:
        """A client's own operation before everybody's."""
        own = self._by_id.get((id_, client_name)) if client_name is not None else None
        return own or self._by_id.get((id_, None))

    def of_client(self, client_name: str | None) -> tuple[PersistedOperation, ...]:
        """What it may ask for: its own before everybody's. The same object each time."""
        known = client_name if client_name in self._clients else None
        if known not in self._of_client:
            found = {each.id: each for each in self.operations if each.client_name is None}
            own = {each.id: each for each in self.operations if each.client_name == known}
            self._of_client[known] = tuple({**found, **own}.values())
        return self._of_client[known]

    def knows(self, text: str) -> bool:
        """Whether this text was published, however its blanks and comments are. O(text) when they differ."""
        if text in self._texts:
            return True
        # What is far longer than anything published would only cost time.
        return len(text) <= 2 * self._longest and compact(text) in self._compact


def compact(text: str) -> str:
    """The text without blanks, commas and comments; one that cannot be read stays as it is."""
    try:
        return strip_ignored_characters(text)
    except (GraphQLError, RecursionError):
        return text


def load(sources: Iterable[str]) -> OperationLists:
    """Raises `ManifestError`."""
    found = [operation for source in sources for operation in read_operations(Path(source))]
    return OperationLists(without_repetition(found, "persisted_operations.sources"))
