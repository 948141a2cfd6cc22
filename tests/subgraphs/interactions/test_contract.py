"""The interactions subgraph over its schema, on each of its stores, with a posts that answers what a test
says.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.clients import Stores, open_clients
from db.config import DomainStore
from db.redis import RedisStore
from subgraphs.interactions.repository import Counters, interactions_in, mongo, postgres
from subgraphs.interactions.values import CommentId, Counts, PostId
from subgraphs.interactions.worker import tasks
from subgraphs.kit import audit
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import USES, build_domain
from tests.subgraphs.interactions.killing import killed_at
from tests.subgraphs.support import Person, act, code, config_in, data, denied, refused
from tests.support.ferretdb import MISSING, PROGRAM, a_folder, ferretdb, free_port
from tests.support.posts_peer import AUTHOR, PostsPeer

needs_server = pytest.mark.skipif(not PROGRAM.exists(), reason=MISSING)
POSTS = """query($r: [_Any!]!) { _entities(representations: $r) { ... on Post { SELECTION } } }"""
COMMENT = "comment { id text depth likeCount replyCount isRemoved isEdited author { id } }"


@dataclass(frozen=True)
class Interactions:
    subgraph: Subgraph
    config: SubgraphConfig
    posts: PostsPeer
    stores: Stores

    @property
    def redis(self) -> RedisStore:
        return self.stores.redis

    async def told(self) -> list[str]:
        """The types of the messages that are in the outbox, everything there is told."""
        for task in tasks(self.config, self.stores):
            if task.name == "untold":
                await task.step()
        async with self.stores.postgres.read() as session:
            return list((await session.execute(text("SELECT type FROM outbox ORDER BY id"))).scalars())

    async def noted(self, verb: str) -> int:
        """How often the audit has it."""
        counted = text("SELECT count(*) FROM audit WHERE action = :verb AND entity = 'comment'")
        async with self.stores.postgres.read() as session:
            return int((await session.execute(counted, {"verb": verb})).scalar_one())

    def person(self, **given: Any) -> Person:
        return Person(self.config, **given)

    async def comment(self, who: Person, post: str, text: str = "Nice", parent: str | None = None) -> str:
        given = {"postId": post, "text": text} | ({} if parent is None else {"parentId": parent})
        made = await act(self.subgraph, "createComment", who.headers, "comment { id }", **given)
        assert made["errors"] == []
        return str(made["comment"]["id"])

    async def read(self, post: str, selection: str, who: Person | None = None) -> Any:
        """A post's fields, for who sees the post."""
        seen = [{"__typename": "Post", "id": post, "author": {"id": AUTHOR}}]
        headers = None if who is None else who.headers
        answer = await data(self.subgraph, POSTS.replace("SELECTION", selection), headers, r=seen)
        return answer["_entities"][0]


@pytest.fixture(scope="module")
def mongo_url() -> Iterator[str]:
    with a_folder() as folder, ferretdb(folder, free_port()) as url:
        yield url


@pytest.fixture(params=["postgres", pytest.param("mongo", marks=needs_server)])
async def world(
    stores: Mapping[str, DomainStore], tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Interactions]:
    store, posts = stores["interactions"], PostsPeer()
    if request.param == "mongo":
        store = replace(store, mongo=request.getfixturevalue("mongo_url"))
        await empty(store)
    config = replace(config_in(tmp_path), peers={"posts": posts})
    async with (
        build_domain("interactions", config, store) as subgraph,
        open_clients(store, USES["interactions"]) as opened,
    ):
        yield Interactions(subgraph, config, posts, opened)


async def empty(store: DomainStore) -> None:
    async with open_clients(store, USES["interactions"]) as opened:
        assert opened.mongo is not None
        async with opened.mongo.use() as database:
            for name in ("likes", "comments", "post_counts", "migrations"):
                await database[name].drop()


@pytest.fixture
def post() -> str:
    return str(uuid4())


async def test_a_post_is_liked_once_and_no_longer(world: Interactions, post: str) -> None:
    ada, counts = world.person(), "likeCount viewerHasLiked likes { totalCount nodes { id } }"
    for _ in range(2):
        liked = await act(world.subgraph, "likePost", ada.headers, f"post {{ {counts} }}", postId=post)
        likes = {"totalCount": 1, "nodes": [{"id": str(ada.id)}]}
        assert liked["post"] == {"likeCount": 1, "viewerHasLiked": True, "likes": likes}
    for _ in range(2):
        left = await act(world.subgraph, "unlikePost", ada.headers, f"post {{ {counts} }}", postId=post)
        assert left["post"]["likeCount"] == 0
    assert (await world.read(post, counts, ada))["viewerHasLiked"] is False
    assert (await world.read(post, counts))["viewerHasLiked"] is None


async def test_two_hundred_tries_of_one_person_are_one_like_and_one_message(
    world: Interactions, post: str
) -> None:
    ada, grace = world.person(), world.person()
    tries = [act(world.subgraph, "likePost", ada.headers, postId=post) for _ in range(200)]
    tries += [act(world.subgraph, "likePost", grace.headers, postId=post)]
    answers = await asyncio.gather(*tries)
    assert all(answer["errors"] == [] for answer in answers)
    assert (await world.read(post, "likeCount"))["likeCount"] == 2
    assert await world.told() == ["PostLiked", "PostLiked"]
    assert await world.told() == ["PostLiked", "PostLiked"], "once each"
    await act(world.subgraph, "unlikePost", ada.headers, postId=post)
    assert await world.told() == ["PostLiked", "PostLiked", "PostUnliked"]
    await act(world.subgraph, "likePost", ada.headers, postId=post)
    assert (await world.read(post, "likeCount"))["likeCount"] == 2


async def test_counts_are_right_when_redis_is_flushed_under_load(world: Interactions, post: str) -> None:
    people = [world.person() for _ in range(30)]

    async def flush() -> None:
        async with world.redis.use() as client:
            for _ in range(10):
                await client.flushall()
                await asyncio.sleep(0)

    likes = [act(world.subgraph, "likePost", each.headers, postId=post) for each in people]
    likes += [act(world.subgraph, "unlikePost", each.headers, postId=post) for each in people[:10]]
    answers = await asyncio.gather(*likes, flush())
    assert all(answer["errors"] == [] for answer in answers if answer is not None)
    await world.told()
    async with world.redis.use() as client:
        await client.flushall()
    found = await world.read(post, "likeCount likes(first: 100) { nodes { id } }")
    assert found["likeCount"] == len(found["likes"]["nodes"]) >= 20


async def test_counts_are_under_the_documented_keys_and_come_back_when_redis_has_lost_them(
    world: Interactions, post: str
) -> None:
    ada = world.person()
    await act(world.subgraph, "likePost", ada.headers, postId=post)
    await world.comment(ada, post)
    async with world.redis.use() as client:
        assert await client.mget(f"post:likes:{post}", f"post:comments:{post}") == [b"1", b"1"]
        await client.flushall()
        assert await world.read(post, "likeCount commentCount") == {"likeCount": 1, "commentCount": 1}
        assert await client.mget(f"post:likes:{post}", f"post:comments:{post}") == [b"1", b"1"]
        await client.set(f"post:likes:{post}", "what nobody wrote")
    assert (await world.read(post, "likeCount"))["likeCount"] == 1


@pytest.mark.parametrize("world", ["postgres"], indirect=True)
async def test_counts_are_right_when_redis_loses_everything_under_load(
    world: Interactions, post: str
) -> None:
    """Not on FerretDB 1, see below."""
    fans = [world.person() for _ in range(40)]

    async def lose() -> None:
        async with world.redis.use() as client:
            for _ in range(10):
                await client.flushall()
                await world.read(post, "likeCount")

    likes = [act(world.subgraph, "likePost", fan.headers, postId=post) for fan in fans]
    await asyncio.gather(*likes, lose())
    left = [act(world.subgraph, "unlikePost", fan.headers, postId=post) for fan in fans[:10]]
    await asyncio.gather(*left, lose())
    assert (await world.read(post, "likeCount likes { totalCount }"))["likeCount"] == 30


async def test_an_older_count_never_replaces_a_newer_one(world: Interactions, post: str) -> None:
    counters, key = Counters(world.redis), PostId(UUID(post))
    await counters.put({key: Counts(2, 0, 7)})
    await counters.put({key: Counts(1, 0, 6)})
    assert await counters.find([key]) == {key: Counts(2, 0, 7)}


async def test_only_whole_counts_are_found_also_when_redis_has_forgotten_its_scripts(
    world: Interactions,
) -> None:
    counters, keys = Counters(world.redis), [PostId(uuid4()) for _ in range(6)]
    whole, zero, unknown, *broken = keys
    await counters.put({key: Counts(2**40, 3, 7) for key in (whole, *broken)} | {zero: Counts()})
    async with world.redis.use() as client:
        for key, text in zip(broken, ("", "1,2]", "-1"), strict=True):
            await client.set(f"post:comments:{key}", text)
        await client.script_flush()
    assert unknown not in await counters.find(keys)
    assert await counters.find(keys) == {whole: Counts(2**40, 3, 7), zero: Counts()}
    assert await counters.find([]) == {}


async def test_threads_nest_to_the_depth_that_is_documented(world: Interactions, post: str) -> None:
    ada, parent = world.person(), None
    for depth in range(6):
        parent = await world.comment(ada, post, f"at {depth}", parent)
    given = {"postId": post, "text": "too deep", "parentId": parent}
    assert await refused(world.subgraph, "createComment", ada.headers, **given) == [
        ("THREAD_TOO_DEEP", "parentId")
    ]
    answer = await data(
        world.subgraph, "query($id: ID!) { comment(id: $id) { depth } }", ada.headers, id=parent
    )
    assert answer["comment"] == {"depth": 5}
    assert (await world.read(post, "commentCount"))["commentCount"] == 6


async def test_comments_are_paged_at_every_level(world: Interactions, post: str) -> None:
    ada = world.person()
    roots = [await world.comment(ada, post, f"root {n}") for n in range(3)]
    for n in range(3):
        await world.comment(ada, post, f"answer {n}", roots[0])
    selection = """comments(orderBy: OLDEST, first: 2 AFTER) {
        totalCount pageInfo { hasNextPage endCursor } nodes {
            text replyCount replies(first: 2) { totalCount nodes { text } pageInfo { hasNextPage } } } }"""
    first = (await world.read(post, selection.replace("AFTER", "")))["comments"]
    assert [node["text"] for node in first["nodes"]] == ["root 0", "root 1"]
    assert first["totalCount"] == 3
    replies = first["nodes"][0]["replies"]
    assert [node["text"] for node in replies["nodes"]] == ["answer 0", "answer 1"]
    assert (replies["totalCount"], replies["pageInfo"]["hasNextPage"]) == (3, True)
    await world.comment(ada, post, "root 3")
    after = f', after: "{first["pageInfo"]["endCursor"]}"'
    second = (await world.read(post, selection.replace("AFTER", after)))["comments"]
    assert [node["text"] for node in second["nodes"]] == ["root 2", "root 3"]


async def test_the_most_liked_comment_is_first_where_that_is_asked(world: Interactions, post: str) -> None:
    ada, grace = world.person(), world.person()
    old, loved, new = [await world.comment(ada, post, text) for text in ("old", "loved", "new")]
    for who in (ada, grace):
        for _ in range(2):
            liked = await act(world.subgraph, "likeComment", who.headers, COMMENT, commentId=loved)
    assert liked["comment"]["likeCount"] == 2
    await act(world.subgraph, "likeComment", ada.headers, commentId=old)
    selection = (
        "comments(orderBy: MOST_LIKED, first: 2) { nodes { id viewerHasLiked } pageInfo { endCursor } }"
    )
    page = (await world.read(post, selection, grace))["comments"]
    assert page["nodes"] == [{"id": loved, "viewerHasLiked": True}, {"id": old, "viewerHasLiked": False}]
    rest = selection.replace("first: 2", f'after: "{page["pageInfo"]["endCursor"]}"')
    assert [node["id"] for node in (await world.read(post, rest, grace))["comments"]["nodes"]] == [new]
    left = await act(world.subgraph, "unlikeComment", ada.headers, COMMENT, commentId=loved)
    assert left["comment"]["likeCount"] == 1


async def test_a_comment_is_edited_by_its_author_alone(world: Interactions, post: str) -> None:
    ada, eve = world.person(), world.person(roles=frozenset({"ROLE_ADMIN"}))
    mine = await world.comment(ada, post)
    changed = await act(
        world.subgraph, "updateComment", ada.headers, COMMENT, commentId=mine, text="  Very nice  "
    )
    assert (changed["comment"]["text"], changed["comment"]["isEdited"]) == ("Very nice", True)
    given = {"commentId": mine, "text": "x"}
    assert await denied(world.subgraph, "updateComment", eve.headers, **given) == "FORBIDDEN"
    bad = await refused(world.subgraph, "updateComment", ada.headers, commentId=mine, text=" \n ")
    assert bad == [("INVALID_INPUT", "text")]
    long = await refused(world.subgraph, "createComment", ada.headers, postId=post, text="x" * 2001)
    assert long == [("INVALID_INPUT", "text")]


async def test_a_removed_comment_keeps_the_place_of_its_answers_and_goes_with_the_last(
    world: Interactions, post: str
) -> None:
    ada, grace = world.person(), world.person()
    root = await world.comment(ada, post, "root")
    answer = await world.comment(grace, post, "answer", root)
    await act(world.subgraph, "likeComment", grace.headers, commentId=root)
    await act(world.subgraph, "deleteComment", ada.headers, "deletedCommentId", commentId=root)
    tree = """commentCount comments { nodes {
        id text isRemoved likeCount author { id } replies { nodes { id } } } }"""
    left = await world.read(post, tree)
    shown = {"id": root, "text": None, "isRemoved": True, "likeCount": 0, "author": None}
    assert left["comments"]["nodes"] == [shown | {"replies": {"nodes": [{"id": answer}]}}]
    assert left["commentCount"] == 1
    for mutation, given in (
        ("likeComment", {"commentId": root}),
        ("deleteComment", {"commentId": root}),
        ("createComment", {"postId": post, "parentId": root, "text": "x"}),
    ):
        assert [c for c, _ in await refused(world.subgraph, mutation, grace.headers, **given)] == [
            "NOT_FOUND"
        ]
    await act(world.subgraph, "deleteComment", grace.headers, "deletedCommentId", commentId=answer)
    assert await world.read(post, tree) == {"commentCount": 0, "comments": {"nodes": []}}


async def test_a_hidden_comment_keeps_its_place_without_words_until_it_is_shown_or_taken_down(
    world: Interactions, post: str
) -> None:
    ada, grace, judge = world.person(), world.person(), world.person(roles=frozenset({"ROLE_MODERATOR"}))
    root = await world.comment(ada, post, "root")
    answer = await world.comment(grace, post, "answer", root)
    tree = "comments { nodes { id text isHidden author { id } replies { nodes { id } } } }"
    kept = {"id": root, "replies": {"nodes": [{"id": answer}]}}
    words = kept | {"text": "root", "author": {"id": str(ada.id)}}

    async def decide(mutation: str, selection: str = "comment { isHidden }") -> None:
        given = {"commentId": root, "why": "It is rude."}
        payload = await act(world.subgraph, mutation, judge.headers, selection, **given)
        assert payload["errors"] == []

    async def seen_by(who: Person) -> Any:
        return (await world.read(post, tree, who))["comments"]["nodes"]

    reported = {"commentId": root, "reason": "SPAM"}
    for _ in range(2):
        assert await refused(world.subgraph, "reportComment", grace.headers, **reported) == []
    queue = "{ reportedComments { totalCount nodes { id } } }"
    waits = (await data(world.subgraph, queue, judge.headers))["reportedComments"]
    assert waits == {"totalCount": 1, "nodes": [{"id": root}]}
    for _ in range(2):
        await decide("hideComment")
    assert await seen_by(grace) == [kept | {"text": None, "author": None, "isHidden": True}]
    assert await seen_by(ada) == await seen_by(judge) == [words | {"isHidden": True}]
    assert (await data(world.subgraph, queue, judge.headers))["reportedComments"]["totalCount"] == 0
    await decide("showComment")
    assert await seen_by(grace) == [words | {"isHidden": False}]
    await decide("takeDownComment", "takenDownCommentId")
    assert await seen_by(grace) == [kept | {"text": None, "author": None, "isHidden": False}]
    assert (await world.told()).count("CommentModerated") == 3, "again is told nowhere"


@pytest.mark.parametrize("decide", ["hideComment", "showComment", "takeDownComment"])
async def test_a_decision_killed_before_its_note_is_noted_once_and_never_forgotten(
    decide: str, world: Interactions, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL takes it back, MongoDB's documents carry it: then whoever tells notes it."""
    ada, grace, judge = world.person(), world.person(), world.person(roles=frozenset({"ROLE_MODERATOR"}))
    rude = await world.comment(ada, post, "rude")
    await act(world.subgraph, "reportComment", grace.headers, commentId=rude, reason="SPAM")
    given = {"commentId": rude, "why": "It is rude."}
    if decide == "showComment":
        await act(world.subgraph, "hideComment", judge.headers, **given)
    before = (await world.told()).count("CommentModerated")

    with killed_at(monkeypatch, (mongo, "note_once"), (postgres, "note_decision")):
        await act(world.subgraph, decide, judge.headers, **given)
    for _ in range(2):
        again = await refused(world.subgraph, decide, judge.headers, **given)
        assert again in ([], [("NOT_FOUND", "commentId")])
    queue = "{ reportedComments { totalCount } }"
    assert (await world.told()).count("CommentModerated") == before + 1
    assert (await data(world.subgraph, queue, judge.headers))["reportedComments"]["totalCount"] == 0
    verb = {"hideComment": "hide", "showComment": "show", "takeDownComment": "take_down"}[decide]
    assert await world.noted(verb) == 1


@pytest.mark.parametrize(
    ("mutation", "given", "verb"),
    [("updateComment", {"text": "better"}, "update"), ("deleteComment", {}, "delete")],
)
async def test_an_authors_own_write_killed_before_its_note_is_in_the_audit_once(
    mutation: str,
    given: dict[str, str],
    verb: str,
    world: Interactions,
    post: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = world.person()
    mine = await world.comment(ada, post, "good")
    given = given | {"commentId": mine}

    with killed_at(monkeypatch, (mongo, "note_once"), (audit, "record")):
        await act(world.subgraph, mutation, ada.headers, **given)
    there = (await world.read(post, "comments { nodes { text isEdited } }", ada))["comments"]["nodes"]
    is_done = there != [{"text": "good", "isEdited": False}]
    for _ in range(2):
        await world.told()
    assert await world.noted(verb) == is_done


async def test_a_comment_is_removed_by_who_may(world: Interactions, post: str) -> None:
    ada, eve = world.person(), world.person()
    removers = (ada, world.person(id=UUID(AUTHOR)), world.person(roles=frozenset({"ROLE_ADMIN"})))
    for remover in removers:
        mine = await world.comment(ada, post)
        assert await denied(world.subgraph, "deleteComment", eve.headers, commentId=mine) == "FORBIDDEN"
        gone = await act(world.subgraph, "deleteComment", remover.headers, "deletedCommentId", commentId=mine)
        assert gone == {"deletedCommentId": mine, "errors": []}


async def test_what_is_said_of_a_post_is_for_who_may_see_it(world: Interactions, post: str) -> None:
    ada, eve = world.person(), world.person()
    mine = await world.comment(ada, post)
    world.posts.hidden.add(post)
    read = "query($id: ID!) { comment(id: $id) { text } }"
    assert await data(world.subgraph, read, eve.headers, id=mine) == {"comment": None}
    tries = [
        ("likePost", {"postId": post}, "postId"),
        ("unlikePost", {"postId": post}, "postId"),
        ("createComment", {"postId": post, "text": "x"}, "postId"),
        ("likeComment", {"commentId": mine}, "commentId"),
        ("unlikeComment", {"commentId": mine}, "commentId"),
        ("updateComment", {"commentId": mine, "text": "x"}, "commentId"),
        ("deleteComment", {"commentId": mine}, "commentId"),
    ]
    for mutation, given, path in tries:
        assert await refused(world.subgraph, mutation, eve.headers, **given) == [("NOT_FOUND", path)], (
            mutation
        )
    bare = [{"__typename": "Post", "id": post}, {"__typename": "Comment", "id": mine}]
    fields = "likeCount viewerHasLiked commentCount likes { totalCount } comments { totalCount }"
    query = f"""query($r: [_Any!]!) {{ _entities(representations: $r) {{
        ... on Post {{ {fields} }} ... on Comment {{ text }} }} }}"""
    answer = await data(world.subgraph, query, eve.headers, r=bare)
    nothing = {
        "likeCount": None,
        "viewerHasLiked": None,
        "commentCount": None,
        "likes": None,
        "comments": None,
    }
    assert answer["_entities"] == [nothing, None]


async def test_with_posts_away_nothing_is_written_and_what_is_there_is_read(
    world: Interactions, post: str
) -> None:
    ada = world.person()
    mine = await world.comment(ada, post)
    world.posts.is_away = True
    assert await denied(world.subgraph, "likePost", ada.headers, postId=post) == "SERVICE_UNAVAILABLE"
    read = "query($id: ID!) { comment(id: $id) { text } }"
    assert await code(world.subgraph, read, ada.headers, id=mine) == "SERVICE_UNAVAILABLE"
    assert (await world.read(post, "likeCount commentCount"))["commentCount"] == 1


async def test_what_needs_a_login_says_so(world: Interactions, post: str) -> None:
    assert await denied(world.subgraph, "likePost", None, postId=post) == "UNAUTHENTICATED"
    given = {"postId": post, "text": "x"}
    assert await denied(world.subgraph, "createComment", None, **given) == "UNAUTHENTICATED"


async def test_an_answer_stays_under_its_post(world: Interactions, post: str) -> None:
    ada = world.person()
    mine = await world.comment(ada, post)
    given = {"postId": str(uuid4()), "parentId": mine, "text": "x"}
    assert await refused(world.subgraph, "createComment", ada.headers, **given) == [("NOT_FOUND", "parentId")]


@pytest.mark.parametrize("world", ["postgres"], indirect=True)
async def test_answers_and_removals_at_once_leave_no_answer_without_a_thread(
    world: Interactions, post: str
) -> None:
    """Not on FerretDB 1, which replaces the whole document in an update: of two at once, one is lost."""
    ada, grace = world.person(), world.person()
    for _ in range(10):
        root = await world.comment(ada, post)
        given = {"postId": post, "parentId": root, "text": "answer"}
        await asyncio.gather(
            act(world.subgraph, "createComment", grace.headers, **given),
            act(world.subgraph, "deleteComment", ada.headers, commentId=root),
            act(world.subgraph, "likeComment", grace.headers, commentId=root),
        )
    read = await world.read(
        post, "commentCount comments { nodes { isRemoved likeCount replies { nodes { text } } } }"
    )
    nodes = read["comments"]["nodes"]
    for node in nodes:
        assert (node["isRemoved"], node["likeCount"], len(node["replies"]["nodes"])) == (True, 0, 1), nodes
    assert read["commentCount"] == len(nodes)


async def test_who_is_gone_takes_likes_and_words_along_and_leaves_the_thread(
    world: Interactions, post: str
) -> None:
    ada, grace = world.person(), world.person()
    root = await world.comment(ada, post, "root")
    await world.comment(grace, post, "answer", root)
    for who in (ada, grace):
        await act(world.subgraph, "likePost", who.headers, postId=post)
        await act(world.subgraph, "likeComment", who.headers, commentId=root)
    repository, _tasks = interactions_in(world.stores)
    for _ in range(2):
        async with world.stores.postgres.write() as session:
            await repository.forget_person(session, ada.id)
    found = (await repository.read_counts([PostId(UUID(post))]))[PostId(UUID(post))]
    assert (found.likes, found.comments) == (1, 1)
    page = await world.read(post, "comments { nodes { text likeCount replies { nodes { text } } } }")
    replies = {"nodes": [{"text": "answer"}]}
    assert page["comments"]["nodes"] == [{"text": None, "likeCount": 0, "replies": replies}]


async def test_a_post_that_is_gone_is_liked_and_answered_by_nobody_any_more(
    world: Interactions, post: str
) -> None:
    ada = world.person()
    await world.comment(ada, post)
    repository, _tasks = interactions_in(world.stores)
    for _ in range(2):
        async with world.stores.postgres.write() as session:
            await repository.forget_posts(session, [PostId(UUID(post))])
    assert await refused(world.subgraph, "likePost", ada.headers, postId=post) == [("NOT_FOUND", "postId")]
    given = {"postId": post, "text": "x"}
    assert await refused(world.subgraph, "createComment", ada.headers, **given) == [("NOT_FOUND", "postId")]
    assert await world.read(post, "comments { nodes { id } }") == {"comments": {"nodes": []}}


async def test_what_is_counted_wrong_is_counted_again(world: Interactions, post: str) -> None:
    ada, key = world.person(), PostId(UUID(post))
    root = await world.comment(ada, post)
    await act(world.subgraph, "likeComment", ada.headers, commentId=root)
    repository, _tasks = interactions_in(world.stores)
    right = (await repository.read_counts([key]))[key]
    if world.stores.mongo is None:
        async with world.stores.postgres.write() as session:
            await session.execute(text("UPDATE post_counts SET comment_count = 9"))
            await session.execute(text("UPDATE comments SET like_count = 9, reply_count = 9"))
    else:
        async with world.stores.mongo.use() as database:
            await database["post_counts"].update_many({}, {"$set": {"comment_count": 9}})
            await database["comments"].update_many({}, {"$set": {"like_count": 9, "reply_count": 9}})
    async with world.stores.postgres.write() as session:
        await repository.recount(session)
    found = (await repository.read_counts([key]))[key]
    assert (found.likes, found.comments) == (right.likes, right.comments)
    assert found.revision > right.revision, "what Redis has is older"
    (comment,) = (await repository.find_comments([CommentId(UUID(root))])).values()
    assert (comment.like_count, comment.reply_count) == (1, 0)
