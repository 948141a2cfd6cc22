"""A clock that goes back under somebody who reads page by page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from db.config import DomainStore
from tests.subgraphs.mesh import meshed

PAGE = """query($after: String) { posts(first: 2, after: $after) {
    nodes { content } pageInfo { endCursor hasNextPage } } }"""


async def test_posts_of_a_clock_that_went_back_come_later_and_no_post_is_missed_or_seen_twice(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    async with meshed(stores, tmp_path) as mesh:
        ada = await mesh.sign_up("ada")
        for number in range(5):
            await ada.act("createPost", "post { id }", content=f"before {number}")
        seen: list[str] = []
        after, goes_on = None, True
        while goes_on:
            page = (await ada.ask(PAGE, after=after))["posts"]
            seen += [each["content"] for each in page["nodes"]]
            after, goes_on = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
            if len(seen) == 2:
                await ada.act("createPost", "post { id }", content="after")
                await mesh.run(
                    "posts",
                    "UPDATE posts SET created_at = created_at - interval '1 hour' WHERE content = 'after'",
                )
    assert seen == [*(f"before {number}" for number in (4, 3, 2, 1, 0)), "after"]
