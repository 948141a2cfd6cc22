"""Putting the demo posts into the store, some thousand at a time."""

from __future__ import annotations

from db.bulk import ROWS_IN_A_BATCH, add_missing
from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Row, Told, World
from subgraphs.posts.demo.rows import PostRows, bookmark_rows
from subgraphs.posts.models import bookmarks, post_images, posts


def planned(size: DemoSize) -> int:
    """How many rows `seed` reports, in all, if enough posts are public."""
    return size.posts + size.users * size.bookmarks


async def seed(database: Database, world: World, told: Told = lambda _rows: None) -> int:
    """Add what is missing; how many posts that were."""
    rows, added = PostRows(world), 0
    for first in range(0, world.size.posts, ROWS_IN_A_BATCH):
        made = [rows.post(number) for number in range(first, min(first + ROWS_IN_A_BATCH, world.size.posts))]
        images: list[Row] = [image for _post, images in made for image in images]
        added += await add_missing(database.write, posts, (post for post, _images in made), told=told)
        await add_missing(database.write, post_images, images)
    await add_missing(database.write, bookmarks, bookmark_rows(world, rows.public), told=told)
    return added
