"""Entities by key: others' tracks, artists and users, who need no lookup to carry our fields."""

from __future__ import annotations

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.streaming.loaders import StreamingContext
from subgraphs.streaming.types import Artist, Track, User


def resolve_track(representation: Representation, _context: StreamingContext) -> Track:
    return Track(id=_id(representation))


def resolve_artist(representation: Representation, _context: StreamingContext) -> Artist:
    return Artist(id=_id(representation))


def resolve_user(representation: Representation, _context: StreamingContext) -> User:
    return User(id=_id(representation))


def _id(representation: Representation) -> strawberry.ID:
    return strawberry.ID(str(parse_id(key_text(representation, "id") or "")))


REFERENCES = {"Track": resolve_track, "Artist": resolve_artist, "User": resolve_user}
