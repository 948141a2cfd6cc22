"""What a page of posts with their likes and comments costs: statements, and what they read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from tests.subgraphs.support import Person, build_over, config_in, data
from tests.support.postgres import sent_statements

FIELDS = """likeCount commentCount viewerHasLiked likes(first: 3) { nodes { id } }
    comments(first: 2, orderBy: MOST_LIKED) { totalCount nodes { text viewerHasLiked
        replies(first: 2) { nodes { text likes(first: 1) { nodes { id } } } } } }"""
QUERY = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Post {{ {FIELDS} }} }} }}"
MANY = """INSERT INTO comments (post_id, post_author_id, depth, author_id, document, created_at, like_count)
    SELECT :post, :post, 0, gen_random_uuid(), '{"text": "x"}', now() - g * interval '1 s', g % 100
    FROM generate_series(1, 10000) g"""


async def seed(database: Database, posts: list[UUID]) -> None:
    async with database.write() as session:
        for post in posts:
            given = {"post": post, "root": uuid4(), "answer": uuid4()}
            for statement in (
                """INSERT INTO comments (id, post_id, post_author_id, depth, author_id, document, reply_count)
                    VALUES (:root, :post, :post, 0, :post, '{"text": "x"}', 1)""",
                """INSERT INTO comments (id, post_id, post_author_id, parent_id, depth, author_id, document)
                    VALUES (:answer, :post, :post, :root, 1, :post, '{"text": "x"}')""",
                """INSERT INTO likes (target_id, post_id, user_id) VALUES (:post, :post, :post),
                    (:answer, :post, :post)""",
            ):
                await session.execute(text(statement), given)


async def test_fifty_posts_cost_as_many_statements_as_two(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    config, counts = config_in(tmp_path), []
    for number in (2, 50):
        database, posts = connect(stores["interactions"]), [uuid4() for _ in range(number)]
        await seed(database, posts)
        subgraph = build_over(database, "interactions", config)
        seen = [{"__typename": "Post", "id": str(id), "author": {"id": str(id)}} for id in posts]
        with sent_statements(database) as sent:
            answer = await data(subgraph, QUERY, Person(config).headers, r=seen)
        assert (
            len([post for post in answer["_entities"] if post["comments"]["nodes"][0]["replies"]]) == number
        )
        counts.append(len(sent))
        await database.close()
    assert counts == [9, 9]


async def test_a_page_of_ten_thousand_comments_reads_a_page(stores: Mapping[str, DomainStore]) -> None:
    database, post = connect(stores["interactions"]), uuid4()
    async with database.write() as session:
        await session.execute(text(MANY), {"post": post})
    async with database.write() as session:
        for order in ("created_at DESC", "like_count DESC, created_at DESC"):
            plan = f"""EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM comments
                WHERE thread_id = :post ORDER BY {order}, id DESC LIMIT 21"""
            ((explained,),) = (await session.execute(text(plan), {"post": post})).all()
            top = explained[0]["Plan"]
            assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 100, order
    await database.close()
