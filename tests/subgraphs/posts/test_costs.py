"""What a search reads when a word is everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from tests.subgraphs.support import Person, build_over, config_in, data
from tests.subgraphs.test_page_costs import buffers
from tests.support.postgres import sent_statements

EVERYWHERE = """INSERT INTO posts (author_id, content, language, created_at)
    SELECT gen_random_uuid(), 'tea ' || g, 'en', now() - g * interval '1 minute'
    FROM generate_series(1, 4000) g"""
SEARCH = """query($text: String!) { searchPosts(text: $text, language: "en", first: 20) {
    totalCount nodes { content } } }"""


async def test_a_word_that_all_posts_have_is_looked_for_in_the_newest_thousand(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    database, config = connect(stores["posts"]), config_in(tmp_path)
    subgraph = build_over(database, "posts", config)
    async with database.write() as session:
        await session.execute(text(EVERYWHERE))
        await session.execute(text("ANALYZE posts"))
        await session.execute(text("ANALYZE post_texts"))
    for headers in (Person(config).headers, None):
        for typed, found in (("teas", 1000), ("tea 3999", 1)):
            with sent_statements(database) as sent:
                answer = (await data(subgraph, SEARCH, headers, text=typed))["searchPosts"]
            assert (answer["totalCount"], len(answer["nodes"])) == (found, min(found, 20))
            assert max([await buffers(database, *each) for each in sent]) < 12_000
    await database.close()
