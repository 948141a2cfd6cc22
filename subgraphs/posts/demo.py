"""Demo posts: by the demo users, some with pictures, some about the demo events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from db.bulk import insert_missing
from db.postgres import Database
from subgraphs.kit.demo import NOW, DemoSize, demo_faker, demo_id, demo_random
from subgraphs.posts.models import bookmarks, post_images, posts

KINDS = ("TEXT", "TEXT", "TEXT", "IMAGES", "EVENT")
TEXTS = (
    "Back from {{city}}, where {{first_name}} and I looked for {{word:one}}. We found {{word:one}} instead.",
    "{{first_name}} told me: {{sentence}}",
    "Anyone else in {{city}} this weekend?",
    "New job at {{company}}: {{job}}. First impression: {{catch_phrase}}.",
    "Reading about {{bs}}. {{sentence}}",
    "Today in a word: {{word:other}}.",
    "{{sentence}} That is all I learned this week.",
    "Does somebody know a good place for {{word:one}} near {{street_name}}?",
)
VISIBILITIES = ("PUBLIC",) * 18 + ("FOLLOWERS", "PRIVATE")


async def seed(database: Database, size: DemoSize) -> int:
    """Add what is missing; how many posts that were."""
    rows = list(post_rows(size))
    async with database.write() as session:
        added = await insert_missing(session, posts, rows)
        await insert_missing(session, post_images, _image_rows(rows))
        await insert_missing(session, bookmarks, _bookmark_rows(size))
    return added


def post_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    fake, draw = demo_faker("post"), demo_random("post")
    fake.set_arguments("one", {"part_of_speech": "noun"})
    fake.set_arguments("other", {"part_of_speech": "adjective"})
    for number in range(size.posts):
        kind = draw.choice(KINDS)
        written = NOW - timedelta(minutes=draw.randint(1, 60 * 24 * 180), seconds=number % 60)
        event = draw.randrange(size.events)
        yield {
            "id": demo_id("post", number),
            "author_id": demo_id("user", draw.randrange(size.users)),
            "type": kind,
            "content": fake.parse(draw.choice(TEXTS)),
            "event_id": demo_id("event", event) if kind == "EVENT" else None,
            "visibility": draw.choice(VISIBILITIES),
            "created_at": written,
            "updated_at": written,
        }


def _image_rows(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    fake, draw = demo_faker("image"), demo_random("image")
    for row in rows:
        if row["type"] != "IMAGES":
            continue
        for position in range(draw.randint(1, 3)):
            yield {
                "post_id": row["id"],
                "image_url": f"https://media.plait.example/posts/{row['id']}/{position}.jpg",
                "alt_text": fake.sentence(nb_words=6),
                "position": position,
                "created_at": row["created_at"],
            }


def _bookmark_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    draw = demo_random("bookmark")
    for user in range(size.users):
        for post in draw.sample(range(size.posts), min(draw.randint(0, 6), size.posts)):
            kept = NOW - timedelta(minutes=draw.randint(1, 10_000))
            yield {"user_id": demo_id("user", user), "post_id": demo_id("post", post), "created_at": kept}
