"""Rows as values, and back."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Text, cast, select

from subgraphs.kit.enums import known, known_or
from subgraphs.media.models import media
from subgraphs.media.values import Kind, Media, Purpose, Rendition, Status, Variant

OTHERWISE = ("variants", "renditions")
COLUMNS = [
    *(column for column in media.c if column.name not in OTHERWISE),
    cast(media.c.renditions, Text).label("renditions"),
]
"""What `media_of` reads. The renditions of one upload are read at once, from text."""
MEDIA = select(*COLUMNS)
FACTS = itemgetter(*Media.__struct_fields__[:-4])
RENDITIONS = msgspec.json.Decoder(tuple[Rendition, ...])


def media_of(row: Any) -> Media:
    """A state, kind or variant that only newer code knows is nothing that this one shows."""
    read = (
        known_or(row.purpose, Purpose.DOCUMENT),
        known_or(row.kind, Kind.DOCUMENT),
        known_or(row.status, Status.PROCESSING),
        _renditions(row.renditions),
    )
    given: tuple[Any, ...] = (*FACTS(row._mapping), *read)
    return Media(*given)


def _renditions(text: str) -> tuple[Rendition, ...]:
    try:
        return RENDITIONS.decode(text)
    except msgspec.ValidationError:
        told = [each for each in msgspec.json.decode(text) if known(Variant, [each["variant"]])]
        return msgspec.convert(told, tuple[Rendition, ...])


def renditions_as_json(renditions: Iterable[Rendition]) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(one) for one in renditions]


def variants_as_json(renditions: Iterable[Rendition]) -> dict[str, str]:
    """As seed 000 has them, name to path: of several forms the first."""
    found: dict[str, str] = {}
    for one in renditions:
        found.setdefault(one.variant.value.lower(), one.path)
    return found
