"""Reference resolvers for entities that are found by their id: all representations of a request at once.

    REFERENCES = {"Album": ById(attrgetter("loaders.album"), album_type), "User": Known(User)}

An ordinary resolver (`federation.ReferenceResolver`) is called for each representation. These are, too, where
one of them is unusual: a key that is absent or no id is an error at its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.uuids import uuids_of
from subgraphs.kit.federation import ReferenceResolver, Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.kit.loading import Loader


@dataclass(frozen=True, slots=True)
class ById:
    """Through a loader of the context. `otherwise` resolves what has no id, by another key."""

    loader: Callable[[Any], Loader[Any, Any]]
    make: Callable[[Any], Any]
    otherwise: ReferenceResolver | None = None

    def __call__(self, representation: Representation, context: Any) -> Any:
        text = key_text(representation, "id")
        if text is None and self.otherwise is not None:
            return self.otherwise(representation, context)
        return self.loader(context).found(parse_id(text or ""), self.make)

    def together(self, representations: Sequence[Representation], context: Any) -> list[Any] | None:
        ids = _ids_of(representations)
        return None if ids is None else self.loader(context).found_all(ids, self.make)


@dataclass(frozen=True, slots=True)
class Known:
    """Another subgraph's entity, which needs no lookup to carry our fields."""

    kind: Callable[..., Any]

    def __call__(self, representation: Representation, context: Any) -> Any:
        return self.kind(id=str(parse_id(key_text(representation, "id") or "")))

    def together(self, representations: Sequence[Representation], context: Any) -> list[Any] | None:
        ids = _ids_of(representations)
        return None if ids is None else [self.kind(id=each) for each in map(str, ids)]


def _ids_of(representations: Sequence[Representation]) -> list[UUID] | None:
    """None when one of them is not written as usual."""
    texts: list[Any] = [each.get("id") for each in representations]
    if set(map(type, texts)) != {str}:
        return None
    try:
        return uuids_of(texts)
    except ValueError:
        return None
