"""Putting the demo's uploads into the store: rows that begin as every upload does, and are READY at once.
Their files are the demo's drawings, which several may share; deleting one deletes no file of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import update

from db.arrays import among
from db.bulk import add_missing
from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Row, Told, World, demo_id
from subgraphs.kit.demo.galleries import gallery
from subgraphs.media.models import media
from subgraphs.media.repository.rows import renditions_as_json, variants_as_json
from subgraphs.media.values import Kind, Purpose, Rendition, Status, Variant

EVENTS_AT_ONCE = 2_000


def planned(_size: DemoSize) -> int:
    """How many rows `seed` reports, in all: none of a world without pictures."""
    return 0


async def seed(database: Database, world: World, _told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many that were."""
    if world.pictures is None:
        return 0
    added = 0
    for first in range(0, world.size.events, EVENTS_AT_ONCE):
        numbers = range(first, min(first + EVENTS_AT_ONCE, world.size.events))
        rows = [row for number in numbers for row in _rows(world, number)]
        added += await add_missing(database.write, media, rows)
        await _make_ready(database, rows)
    return added


def _rows(world: World, number: int) -> list[Row]:
    return [
        {
            "id": hung.media_id,
            "user_id": demo_id("user", hung.host),
            "filename": hung.name.rpartition("/")[2],
            "content_type": _rendition(hung.name).content_type,
            "size": _rendition(hung.name).size,
            "bucket": _rendition(hung.name).bucket,
            "path": _rendition(hung.name).path,
            "purpose": Purpose.POST.value,
            "kind": Kind.IMAGE.value,
            "status": Status.UPLOADING.value,
            "expires_at": world.now,
            "alt_text": hung.alt_text,
            "created_at": world.now,
            "updated_at": world.now,
        }
        for hung in gallery(world.size, number)
        if world.picture(hung.name)
    ]


async def _make_ready(database: Database, rows: Sequence[Row]) -> None:
    """Of what is not yet: in the steps that the store's machine has."""
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        by_name.setdefault(f"{row['bucket']}/{row['path']}", []).append(row["id"])
    async with database.write() as session:
        for name, ids in by_name.items():
            made = _rendition(name)
            facts = {
                "renditions": renditions_as_json([made]),
                "variants": variants_as_json([made]),
                "width": made.width,
                "height": made.height,
            }
            for before, now in ((Status.UPLOADING, Status.PROCESSING), (Status.PROCESSING, Status.READY)):
                those = (among(media.c.id, ids), media.c.status == before.value)
                await session.execute(update(media).where(*those).values(status=now.value, **facts))


@cache
def _rendition(name: str) -> Rendition:
    """Draws it, for its size."""
    from subgraphs.kit.demo.pictures.draw import CONTENT_TYPE, POST_SIZE, draw_picture

    bucket, _, key = name.partition("/")
    drawn = len(draw_picture(name))
    return Rendition(Variant.ORIGINAL, CONTENT_TYPE, bucket, key, drawn, *POST_SIZE)
