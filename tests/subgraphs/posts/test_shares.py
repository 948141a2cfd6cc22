"""Posts that people take elsewhere: counted each time, by where to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.posts.repository.departures import forget_author
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in, data, denied, refused

COUNTS = "query($id: ID!) { post(id: $id) { shareCount shareCounts { target count } } }"


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def posts(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("posts", config, stores["posts"]) as subgraph:
        yield subgraph


@pytest.fixture
def ada(config: SubgraphConfig) -> Person:
    return Person(config)


@pytest.fixture
def grace(config: SubgraphConfig) -> Person:
    return Person(config)


async def written(posts: Subgraph, author: Person, **given: Any) -> str:
    payload = await act(posts, "createPost", author.headers, "post { id }", **{"content": "Hi"} | given)
    return str(payload["post"]["id"])


async def share(posts: Subgraph, who: Person, post: str, target: str, **given: Any) -> int:
    given |= {"postId": post, "target": target}
    payload = await act(posts, "sharePost", who.headers, "post { shareCount }", **given)
    assert payload["errors"] == []
    return int(payload["post"]["shareCount"])


async def test_each_share_counts_by_where_it_goes(posts: Subgraph, ada: Person, grace: Person) -> None:
    post = await written(posts, ada)
    shared = [await share(posts, grace, post, target) for target in ("LINK", "LINK", "EMAIL")]
    assert shared == [1, 2, 3]
    told = (await data(posts, COUNTS, ada.headers, id=post))["post"]
    assert {each["target"]: each["count"] for each in told["shareCounts"]} == {
        "LINK": 2,
        "MESSAGE": 0,
        "EMAIL": 1,
        "OTHER_APP": 0,
    }
    for headers in (grace.headers, None):
        assert (await data(posts, COUNTS, headers, id=post))["post"] == {"shareCount": 3, "shareCounts": None}


async def test_a_share_whose_answer_was_lost_counts_once(posts: Subgraph, ada: Person) -> None:
    post = await written(posts, ada)
    key = {"idempotencyKey": "once"}
    assert [await share(posts, ada, post, "LINK", **key) for _ in range(3)] == [1, 1, 1]
    other = {"postId": post, "target": "EMAIL"} | key
    assert await refused(posts, "sharePost", ada.headers, **other) == [("CONFLICT", "idempotencyKey")]


async def test_what_one_does_not_see_is_not_shared(posts: Subgraph, ada: Person, grace: Person) -> None:
    given = {"postId": await written(posts, ada, visibility="PRIVATE"), "target": "LINK"}
    assert await refused(posts, "sharePost", grace.headers, **given) == [("NOT_FOUND", "postId")]
    assert await denied(posts, "sharePost", None, **given) == "UNAUTHENTICATED"


async def test_shares_go_with_who_is_gone_and_with_their_post(
    posts: Subgraph, ada: Person, grace: Person, stores: Mapping[str, DomainStore]
) -> None:
    post = await written(posts, ada)
    await share(posts, grace, post, "LINK")
    await share(posts, ada, post, "LINK")
    database = connect(stores["posts"])
    async with database.write() as session:
        await forget_author(session, grace.id)
    assert (await data(posts, COUNTS, id=post))["post"]["shareCount"] == 1
    await act(posts, "deletePost", ada.headers, postId=post)
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM shares"))).scalar() == 0
    await database.close()
