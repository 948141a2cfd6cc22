"""Timelines in the whole graph: what is in them, whatever happens to their pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from db import clients
from db.config import DomainStore
from db.postgres import Database, connect
from router.planner import QueryPlanner
from subgraphs.feed.repository import FeedPages, Hearing, PostgresFeedRepository
from subgraphs.feed.repository.pages import MOST_PAGES, SIZE
from subgraphs.feed.values import CROWD, PersonId, PostId
from subgraphs.kit.jobs import Queue
from subgraphs.registry import build_domain
from tests.subgraphs.mesh import SUPERGRAPH, Mesh, Person, meshed
from tests.subgraphs.support import Person as Somebody
from tests.subgraphs.support import config_in, data, denied, error, refused
from tests.support.postgres import sent_statements
from tests.support.work import counted

TIMELINE = """query($first: Int) { feed(first: $first) { nodes {
    content author { username } likeCount commentCount viewerHasLiked
    comments(first: 2) { nodes { text author { username } } } } } }"""
TWENTY = (
    """INSERT INTO posts.posts (id, author_id, content)
        SELECT md5(g::text)::uuid, :me, 'x' FROM generate_series(1, 20) g""",
    """INSERT INTO feed.known_posts (id, author_id, created_at)
        SELECT md5(g::text)::uuid, :me, now() FROM generate_series(1, 20) g""",
    """INSERT INTO interactions.comments (post_id, post_author_id, depth, author_id, document)
        SELECT md5(g::text)::uuid, :me, 0, :me, '{"text": "x"}'
        FROM generate_series(1, 20) g, generate_series(1, 3)""",
)
FEED = """query($first: Int, $after: String, $last: Int, $before: String) {
    feed(first: $first, after: $after, last: $last, before: $before) {
        totalCount pageInfo { hasNextPage endCursor startCursor } nodes { content likeCount } } }"""


async def settle(mesh: Mesh) -> None:
    """Everything heard, and the jobs that follow from it done."""
    await mesh.settle()
    for task in mesh.tasks["feed"]:
        if isinstance(task, Queue):
            while await task.step():
                pass


async def post(who: Person, content: str, **given: Any) -> str:
    return str((await who.act("createPost", "post { id }", content=content, **given))["post"]["id"])


async def read(who: Person, **window: Any) -> list[str | None]:
    await settle(who.mesh)
    nodes = (await who.ask(FEED, **window))["feed"]["nodes"]
    return [None if node is None else node["content"] for node in nodes]


async def cached(mesh: Mesh, who: Person, page: int = 1) -> Any:
    async with mesh.stores["feed"].redis.use() as client:
        text = await client.get(f"user:feed:{who.id}:{page}")
    return None if text is None else orjson.loads(text)


async def test_a_timeline_is_what_one_and_those_one_follows_wrote_the_newest_first(mesh: Mesh) -> None:
    ada, grace, eve = [await mesh.sign_up(name) for name in ("ada", "grace", "eve")]
    await ada.act("followUser", "user { id }", userId=grace.id)
    await post(grace, "before")
    assert await read(ada) == ["before"]
    for who, content in ((eve, "not followed"), (ada, "own"), (grace, "after")):
        await post(who, content)
    assert await read(ada) == ["after", "own", "before"]
    assert (await ada.ask("{ me { feed { totalCount } } }"))["me"]["feed"] == {"totalCount": 3}
    others = await eve.ask("query($id: ID!) { user(id: $id) { feed { totalCount } } }", id=ada.id)
    assert others["user"]["feed"] is None


async def test_pages_are_under_the_documented_key_as_lists_of_ids(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    first = await post(ada, "first")
    assert await read(ada) == ["first"]
    second = await post(ada, "second")
    await settle(mesh)
    assert await cached(mesh, ada) == [second, first]
    kept = await FeedPages(mesh.stores["feed"].redis).find(PersonId(UUID(ada.id)))
    assert kept == ([UUID(second), UUID(first)], 0, True), "and none of them came late"


async def test_who_is_followed_no_longer_or_blocked_is_gone_and_who_is_followed_anew_is_there(
    mesh: Mesh,
) -> None:
    ada, grace, eve = [await mesh.sign_up(name) for name in ("ada", "grace", "eve")]
    await post(grace, "by grace")
    await post(eve, "by eve")
    assert await read(ada) == []
    for other in (grace, eve):
        await ada.act("followUser", "user { id }", userId=other.id)
    assert await read(ada) == ["by eve", "by grace"]
    await ada.act("unfollowUser", "user { id }", userId=grace.id)
    assert await read(ada) == ["by eve"]
    await eve.act("blockUser", "user { id }", userId=ada.id)
    assert await read(ada) == []


async def test_what_is_deleted_or_turned_private_is_gone_from_pages_that_still_name_it(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await ada.act("followUser", "user { id }", userId=grace.id)
    gone, hidden = await post(grace, "gone"), await post(grace, "hidden")
    assert await read(ada) == ["hidden", "gone"]
    await grace.act("deletePost", "deletedPostId", postId=gone)
    await grace.act("updatePost", "post { id }", postId=hidden, visibility="PRIVATE")
    asked = {"authorization": f"Bearer {ada.access}"}
    answer = await mesh.router.execute({"query": FEED}, headers=asked)
    shown = answer["data"]["feed"]["nodes"]
    assert shown == [None, None], "before feed has heard of it, posts does not show it"
    assert await read(ada) == []
    assert await cached(mesh, ada) == [hidden, gone]


async def test_a_timeline_is_built_again_when_redis_has_lost_it(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    for content in ("one", "two"):
        await post(ada, content)
    assert await read(ada) == ["two", "one"]
    async with mesh.stores["feed"].redis.use() as client:
        for name in await client.keys("user:feed:*"):
            await client.delete(name)
    assert await read(ada) == ["two", "one"]
    assert len(await cached(mesh, ada)) == 2


async def test_pages_stay_where_they_are_while_new_posts_arrive(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    for number in range(5):
        await post(ada, str(number))
    await settle(mesh)
    first = (await ada.ask(FEED, first=2))["feed"]
    assert [node["content"] for node in first["nodes"]] == ["4", "3"]
    await post(ada, "new")
    assert await read(ada, first=2, after=first["pageInfo"]["endCursor"]) == ["2", "1"]
    assert await read(ada, last=1) == ["0"]
    before = first["pageInfo"]["startCursor"]
    assert await read(ada, last=5, before=before) == ["new"]


async def test_new_posts_are_counted_from_a_cursor_or_from_what_was_seen(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    await post(ada, "one")
    await settle(mesh)
    seen = (await ada.ask(FEED))["feed"]["pageInfo"]["startCursor"]
    count = "query($since: String) { newPostCount(since: $since) }"
    assert await ada.ask(count) == {"newPostCount": 1}, "nothing was seen yet"
    marked = await ada.act("markFeedSeen", "newPostCount", cursor=seen)
    assert marked["newPostCount"] == 0
    for number in range(3):
        await post(ada, str(number))
    await settle(mesh)
    assert await ada.ask(count) == await ada.ask(count, since=seen) == {"newPostCount": 3}
    newest = (await ada.ask(FEED))["feed"]["pageInfo"]["startCursor"]
    for cursor in (newest, seen):
        assert (await ada.act("markFeedSeen", "newPostCount", cursor=cursor))["newPostCount"] == 0


async def test_the_posts_of_somebody_whom_a_crowd_follows_are_pulled_and_not_pushed(mesh: Mesh) -> None:
    ada, grace, star = [await mesh.sign_up(name) for name in ("ada", "grace", "star")]
    for who in (ada, grace):
        await who.act("followUser", "user { id }", userId=star.id)
    await post(ada, "own")
    assert await read(ada) == ["own"]
    (queue,) = [task for task in mesh.tasks["feed"] if task.name == "fan out"]
    assert isinstance(queue, Queue)
    crowded = replace(queue, handle=Hearing(FeedPages(mesh.stores["feed"].redis), crowd=1).fan_out)
    mesh.tasks["feed"][mesh.tasks["feed"].index(queue)] = crowded
    await post(star, "to a crowd")
    assert await read(ada) == ["to a crowd", "own"]
    assert len(await cached(mesh, ada)) == 1
    assert await read(star) == ["to a crowd"]


async def test_a_post_to_more_than_ten_thousand_costs_one_row_and_no_more_jobs(mesh: Mesh) -> None:
    """Whether they are ten thousand and one or a million: no more of them are looked at."""
    star, crowd = uuid4(), CROWD + 1
    await mesh.run(
        "feed",
        """INSERT INTO follows (follower_id, followed_id)
            SELECT md5(g::text)::uuid, :star FROM generate_series(1, :crowd) g""",
        star=star,
        crowd=crowd,
    )
    post = uuid4()
    known = "INSERT INTO known_posts (id, author_id, created_at) VALUES (:post, :star, now())"
    await mesh.run("feed", known, post=post, star=star)
    payload = orjson.dumps({"post_id": str(post), "author_id": str(star)}).decode()
    job = "INSERT INTO jobs (queue, payload) VALUES ('fan out', CAST(:payload AS jsonb))"
    await mesh.run("feed", job, payload=payload)
    (queue,) = [task for task in mesh.tasks["feed"] if task.name == "fan out"]
    assert await queue.step()
    assert not await queue.step(), "no job for the next thousand"
    assert await mesh.run("feed", "SELECT author_id, is_pulled FROM known_posts") == [(star, True)]
    assert await mesh.run("feed", "SELECT author_id FROM crowds") == [(star,)]


async def test_whoever_is_gone_is_in_no_timeline_and_has_none(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await ada.act("followUser", "user { id }", userId=grace.id)
    await post(grace, "x")
    assert await read(ada) == ["x"]
    assert await read(grace) == ["x"]
    await grace.act("deleteAccount", "userId", password="correct horse")
    assert await read(ada) == []
    assert await cached(mesh, grace) is None
    left = "SELECT (SELECT count(*) FROM known_posts), (SELECT count(*) FROM follows)"
    assert await mesh.run("feed", left) == [(0, 0)]


async def test_a_post_is_published_for_who_waits_for_it(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await ada.act("followUser", "user { id }", userId=grace.id)
    await settle(mesh)
    async with mesh.stores["feed"].redis.use() as client, client.pubsub() as listening:
        await listening.subscribe(f"plait:feed:{ada.id}")
        made = await post(grace, "x")
        await settle(mesh)
        async with asyncio.timeout(5):
            while (heard := await listening.get_message(timeout=1)) is None or heard["type"] != "message":
                pass
    assert heard["data"] == made.encode()


async def test_a_fan_out_goes_on_where_it_was_killed_and_names_nobody_twice(mesh: Mesh) -> None:
    star, fans = uuid4(), [uuid4() for _ in range(2500)]
    pages = FeedPages(mesh.stores["feed"].redis)
    await mesh.run(
        "feed",
        "INSERT INTO follows (follower_id, followed_id) SELECT unnest(CAST(:fans AS uuid[])), :star",
        fans=fans,
        star=star,
    )
    for fan in fans[:3]:
        await pages.put(PersonId(fan), [])
    (queue,) = [task for task in mesh.tasks["feed"] if task.name == "fan out"]
    work = "INSERT INTO jobs (queue, payload) VALUES ('fan out', CAST(:payload AS jsonb))"
    payload = orjson.dumps({"post_id": str(uuid4()), "author_id": str(star)}).decode()
    steps = 0
    for _ in range(2):
        await mesh.run("feed", work, payload=payload)
        while await queue.step():
            steps += 1
    assert steps == 6, "a thousand at a time"
    for fan in fans[:3]:
        kept = await pages.find(PersonId(fan))
        assert kept is not None
        assert len(kept.ids) == 1
    assert await pages.find(PersonId(fans[3])) is None


async def test_a_full_first_page_becomes_two_and_the_last_one_ends(mesh: Mesh) -> None:
    pages, user = FeedPages(mesh.stores["feed"].redis), PersonId(uuid4())
    old = [PostId(uuid4()) for _ in range(SIZE * MOST_PAGES)]
    await pages.put(user, old)
    new = [PostId(uuid4()) for _ in range(SIZE + 1)]
    for post_id in new:
        await pages.push(post_id, [user])
    found = await pages.find(user)
    assert found is not None
    assert found.ids == [*reversed(new), *old][: len(found.ids)]
    assert len(found.ids) == SIZE * MOST_PAGES + 1


async def test_what_arrives_while_a_timeline_is_built_is_in_it(mesh: Mesh) -> None:
    pages, user = FeedPages(mesh.stores["feed"].redis), PersonId(uuid4())
    old, arrived = PostId(uuid4()), PostId(uuid4())
    await pages.keep_a_place(user)
    await pages.push(arrived, [user])
    assert await pages.find(user) is None, "it is not whole yet"
    await pages.put(user, [old])
    kept = await pages.find(user)
    assert kept is not None
    assert kept.ids == [arrived, old]


async def test_without_redis_a_timeline_is_read_from_the_store(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    config, me = config_in(tmp_path), uuid4()
    store = replace(stores["feed"], redis="redis://127.0.0.1:1")
    async with build_domain("feed", config, store) as subgraph:
        headers = Somebody(config, me).headers
        assert await data(subgraph, "{ feed { nodes { id } } }", headers) == {"feed": {"nodes": []}}
        assert await denied(subgraph, "markFeedSeen", None, cursor="x") == "UNAUTHENTICATED"
        assert await refused(subgraph, "markFeedSeen", headers, cursor="x") == [("INVALID_INPUT", "cursor")]
        bad = await error(subgraph, '{ newPostCount(since: "x") }', headers)
        assert bad["extensions"]["code"] == "BAD_USER_INPUT"


async def test_beyond_the_pages_the_store_goes_on(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    many = SIZE * MOST_PAGES + 10
    await mesh.run(
        "feed",
        """INSERT INTO known_posts (id, author_id, created_at)
            SELECT gen_random_uuid(), :me, now() - g * interval '1 s' FROM generate_series(1, :many) g""",
        me=UUID(ada.id),
        many=many,
    )
    query = """query($after: String) { feed(first: 100, after: $after) {
        edges { cursor } pageInfo { hasNextPage endCursor } } }"""
    seen, after = set[str](), None
    while True:
        page = (await ada.ask(query, after=after))["feed"]
        seen |= {edge["cursor"] for edge in page["edges"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == many
    feed = PostgresFeedRepository(mesh.stores["feed"].postgres)
    assert await feed.count_all(PersonId(UUID(ada.id))) == many


def test_the_readme_shows_the_plan_of_its_timeline() -> None:
    readme = (SUPERGRAPH.parents[1] / "README.md").read_text(encoding="utf-8")
    (operation,) = re.findall(r"```graphql\n(query Timeline.*?)```", readme, re.DOTALL)
    (shown,) = re.findall(r"```mermaid\n(.*?)```", readme, re.DOTALL)
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(operation)
    assert shown.strip() == plan.to_mermaid().strip()


async def test_a_timeline_of_twenty_posts_costs_as_many_statements_as_one_of_two(
    stores: Mapping[str, DomainStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With author, counts and two comments each, in all four subgraphs."""
    opened: list[Database] = []

    def noted(*given: Any) -> Database:
        opened.append(connect(*given))
        return opened[-1]

    monkeypatch.setattr(clients, "connect", noted)
    async with meshed(stores, tmp_path) as mesh:
        ada = await mesh.sign_up("ada")
        for statement in TWENTY:
            domain = statement.split("INSERT INTO ")[1].split(".")[0]
            await mesh.run(domain, statement, me=UUID(ada.id))
        sent = []
        for first in (20, 2, 20):
            with ExitStack() as watched:
                statements = [watched.enter_context(sent_statements(database)) for database in opened]
                nodes = (await ada.ask(TIMELINE, first=first))["feed"]["nodes"]
                sent.append([len(each) for each in statements])
            assert [len(node["comments"]["nodes"]) for node in nodes] == [2] * first
        assert sent[1] == sent[2]
        assert 4 <= sum(sent[2]) <= 12


def test_the_timeline_of_the_readme_needs_one_fetch_of_each_subgraph() -> None:
    readme = (SUPERGRAPH.parents[1] / "README.md").read_text(encoding="utf-8")
    (operation,) = re.findall(r"```graphql\n(query Timeline.*?)```", readme, re.DOTALL)
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(operation).to_text()
    assert re.findall(r' Fetch\(service: "(\w+)"', plan) == [
        "feed",
        "posts",
        "media",
        "interactions",
    ]
    assert re.findall(r'BatchFetch\(service: "(\w+)"', plan) == ["users"]


async def test_a_post_reaches_each_of_ten_thousand_followers_at_thirty_calls(mesh: Mesh) -> None:
    """About half a second of the worker's CPU."""
    star, pages = uuid4(), FeedPages(mesh.stores["feed"].redis)
    await mesh.run(
        "feed",
        """INSERT INTO follows (follower_id, followed_id)
            SELECT md5(g::text)::uuid, :star FROM generate_series(1, 10000) g""",
        star=star,
    )
    fan = PersonId(UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b"))
    await pages.put(fan, [PostId(uuid4()) for _ in range(SIZE)])
    payload = orjson.dumps({"post_id": str(uuid4()), "author_id": str(star)}).decode()
    job = "INSERT INTO jobs (queue, payload) VALUES ('fan out', CAST(:payload AS jsonb))"
    await mesh.run("feed", job, payload=payload)
    (queue,) = [task for task in mesh.tasks["feed"] if task.name == "fan out"]
    with counted() as work:
        while await queue.step():
            pass
    assert 10_000 < work.calls < 30 * 10_000
    kept = await pages.find(fan)
    assert kept is not None
    assert len(kept.ids) == SIZE + 1
