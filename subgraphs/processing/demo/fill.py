"""Jobs of the demo world. Their sources are put into S3 by `plait seed`, the worker does the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.kit.demo import SIZES, DemoSize, Row, Told, World, demo_id
from subgraphs.kit.demo.tracks import sure_track
from subgraphs.processing.demo.tune import tune
from subgraphs.processing.models import processing_jobs
from subgraphs.processing.service.jobs import BUCKET

MOST_TUNES = 3


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return min(size.artists, MOST_TUNES)


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many jobs that were."""
    rows = [_job(world, number) for number in range(planned(world.size))]
    return await add_missing(database.write, processing_jobs, rows, told=told)


def sources(size: DemoSize) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Bucket and key of each, and what makes it."""
    return ((BUCKET, _key(number), partial(tune, number)) for number in range(planned(size)))


def tracks_with_sound(size: DemoSize = SIZES["small"]) -> tuple[UUID, ...]:
    """The demo's tracks that can be listened to, once the worker is done with them."""
    return tuple(sure_track(number, 0) for number in range(planned(size)))


def _job(world: World, number: int) -> Row:
    return {
        "id": demo_id("processing job", number),
        "track_id": sure_track(number, 0),
        "source_bucket": BUCKET,
        "source_key": _key(number),
        "due_at": world.now,
        "created_at": world.now,
        "updated_at": world.now,
    }


def _key(number: int) -> str:
    return f"demo/{number}.wav"
