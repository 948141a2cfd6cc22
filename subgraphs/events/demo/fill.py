"""Putting the demo events into the store, some thousand at a time."""

from __future__ import annotations

from functools import partial

from db.bulk import add_missing
from db.postgres import Database
from subgraphs.events.demo.rows import attendee_rows, event_rows, invitation_rows, venue_row
from subgraphs.events.demo.said import image_rows, question_rows, review_rows, upvote_rows
from subgraphs.events.models import event_attendees, events, invitations, venues
from subgraphs.events.models.gallery import event_images
from subgraphs.events.models.said import event_qna, event_qna_upvotes, reviews
from subgraphs.events.repository.rows import writing
from subgraphs.events.values import Reader
from subgraphs.kit.demo import DemoSize, Told, World

EVENTS_AT_ONCE = 2_000


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all."""
    return size.events


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many events that were."""
    write = partial(writing, database, Reader(is_admin=True))
    added, count = 0, world.size.events
    for first in range(0, count, EVENTS_AT_ONCE):
        numbers = range(first, min(first + EVENTS_AT_ONCE, count))
        placed = list(event_rows(world, numbers))
        rows = [row for _venue, row in placed]
        await add_missing(write, venues, [venue_row(world, n) for n in sorted({v for v, _row in placed})])
        added += await add_missing(write, events, rows, told=told)
        answers = list(attendee_rows(world, numbers, rows))
        await add_missing(write, event_attendees, answers)
        await add_missing(write, invitations, invitation_rows(world, numbers, rows))
        asked = list(question_rows(world, numbers, rows))
        await add_missing(write, event_qna, asked)
        await add_missing(write, event_qna_upvotes, upvote_rows(world, numbers, asked))
        await add_missing(write, reviews, review_rows(world, numbers, rows, answers))
        await add_missing(write, event_images, image_rows(world, numbers, rows))
    return added
