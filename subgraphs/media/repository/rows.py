"""Rows as values, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from subgraphs.kit.enums import known, known_or
from subgraphs.media.models import media
from subgraphs.media.values import (
    Kind,
    Media,
    Place,
    Purpose,
    Rendition,
    Status,
    Variant,
)

MEDIA = select(media)
AS_THEY_ARE = frozenset(Media.__dataclass_fields__) & frozenset(media.c.keys())


def media_of(row: Any) -> Media:
    """A state, kind or variant that only newer code knows is nothing that this one shows."""
    facts = {name: getattr(row, name) for name in AS_THEY_ARE}
    read = {
        "purpose": known_or(row.purpose, Purpose.DOCUMENT),
        "kind": known_or(row.kind, Kind.DOCUMENT),
        "status": known_or(row.status, Status.PROCESSING),
        "renditions": tuple(_rendition(each) for each in row.renditions if known(Variant, [each["variant"]])),
        "place": Place(row.bucket, row.path),
    }
    return Media(**facts | read)


def _rendition(told: Any) -> Rendition:
    place = Place(told["bucket"], told["path"])
    size, width, height = told["size"], told["width"], told["height"]
    return Rendition(Variant(told["variant"]), told["content_type"], place, size, width, height)


def renditions_as_json(renditions: Iterable[Rendition]) -> list[dict[str, Any]]:
    return [
        {
            "variant": one.variant.value,
            "content_type": one.content_type,
            "bucket": one.place.bucket,
            "path": one.place.key,
            "size": one.size,
            "width": one.width,
            "height": one.height,
        }
        for one in renditions
    ]


def variants_as_json(renditions: Iterable[Rendition]) -> dict[str, str]:
    """As seed 000 has them, name to path: of several forms the first."""
    found: dict[str, str] = {}
    for one in renditions:
        found.setdefault(one.variant.value.lower(), one.place.key)
    return found
