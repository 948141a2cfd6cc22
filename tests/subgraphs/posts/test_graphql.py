"""The posts subgraph as its clients and its router see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, code, config_in, data, denied, refused

IMAGE = {"url": "https://x.example/1.jpg", "altText": "One"}
ONE = "query($id: ID!) { post(id: $id) { type content visibility images { url altText } } }"
CONTENTS = "query($by: PostOrder) { posts(orderBy: $by) { totalCount nodes { content } } }"


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


@pytest.fixture
def admin(config: SubgraphConfig) -> Person:
    return Person(config, roles=frozenset({"ROLE_ADMIN"}))


async def create(posts: Subgraph, author: Person, **details: object) -> str:
    payload = await act(posts, "createPost", author.headers, "post { id }", **{"content": "Hi"} | details)
    assert payload["errors"] == []
    return str(payload["post"]["id"])


async def contents(posts: Subgraph, reader: Person | None, **variables: Any) -> list[str]:
    listed = (await data(posts, CONTENTS, reader.headers if reader else None, **variables))["posts"]
    assert listed["totalCount"] == len(listed["nodes"])
    return [post["content"] for post in listed["nodes"]]


async def test_a_logged_in_user_posts_and_everyone_reads(posts: Subgraph, ada: Person) -> None:
    post = await create(posts, ada, content=" Hello\r\nyou ", images=[IMAGE])
    shown = {"type": "IMAGES", "content": "Hello\nyou", "visibility": "PUBLIC", "images": [IMAGE]}
    assert (await data(posts, ONE, id=post))["post"] == shown
    author = "query($id: ID!) { post(id: $id) { author { id } } }"
    assert (await data(posts, author, id=post))["post"]["author"] == {"id": str(ada.id)}


async def test_writing_needs_a_login(posts: Subgraph, ada: Person) -> None:
    post = await create(posts, ada)
    assert await denied(posts, "createPost", content="x") == "UNAUTHENTICATED"
    for mutation in ("updatePost", "deletePost", "bookmarkPost", "removeBookmark"):
        assert await denied(posts, mutation, postId=post) == "UNAUTHENTICATED"
    assert await code(posts, "{ bookmarkedPosts { nodes { id } } }") == "UNAUTHENTICATED"


async def test_every_problem_of_a_post_is_told_with_its_place(posts: Subgraph, ada: Person) -> None:
    images = [IMAGE, {"url": "ftp://x.example", "altText": "x" * 301}]
    given = {"content": "x" * 5001, "images": images, "eventId": "soon"}
    assert await refused(posts, "createPost", ada.headers, **given) == [
        ("INVALID_INPUT", "eventId"),
        ("INVALID_INPUT", "content"),
        ("INVALID_INPUT", "images.1.url"),
        ("INVALID_INPUT", "images.1.altText"),
    ]
    for empty in ("", "  \n"):
        assert await refused(posts, "createPost", ada.headers, content=empty) == [
            ("INVALID_INPUT", "content")
        ]
    assert await refused(posts, "createPost", ada.headers, images=[IMAGE] * 11) == [
        ("INVALID_INPUT", "images")
    ]


async def test_a_post_is_its_authors_and_hidden_ones_do_not_exist(
    posts: Subgraph, ada: Person, grace: Person
) -> None:
    open_, hidden = await create(posts, ada), await create(posts, ada, visibility="PRIVATE")
    for mutation in ("updatePost", "deletePost"):
        assert await denied(posts, mutation, grace.headers, postId=open_) == "FORBIDDEN"
        assert await refused(posts, mutation, grace.headers, postId=hidden) == [("NOT_FOUND", "postId")]
    assert (await data(posts, ONE, grace.headers, id=hidden))["post"] is None
    assert (await data(posts, ONE, ada.headers, id=hidden))["post"]["visibility"] == "PRIVATE"


async def test_a_post_changes_in_what_is_given_and_something_is_left_of_it(
    posts: Subgraph, ada: Person
) -> None:
    post = await create(posts, ada, images=[IMAGE])
    shown = "post { type content images { url } }"
    bare = await act(posts, "updatePost", ada.headers, shown, postId=post, content="")
    assert bare["post"] == {"type": "IMAGES", "content": "", "images": [{"url": IMAGE["url"]}]}
    empty = await refused(posts, "updatePost", ada.headers, postId=post, images=[])
    assert empty == [("INVALID_INPUT", "content")]
    plain = await act(posts, "updatePost", ada.headers, shown, postId=post, content="Text", images=[])
    assert plain["post"] == {"type": "TEXT", "content": "Text", "images": []}
    cleared = await refused(posts, "updatePost", ada.headers, postId=post, content=None, visibility=None)
    assert cleared == [("INVALID_INPUT", "content"), ("INVALID_INPUT", "visibility")]


async def test_two_edits_at_once_leave_something_of_the_post(posts: Subgraph, ada: Person) -> None:
    """One takes the text, the other the pictures: both alone are fine, together nothing would be left."""
    for _ in range(5):
        post = await create(posts, ada, images=[IMAGE])
        await asyncio.gather(
            act(posts, "updatePost", ada.headers, postId=post, content=""),
            act(posts, "updatePost", ada.headers, postId=post, images=[]),
        )
        left = (await data(posts, ONE, id=post))["post"]
        assert left["content"] or left["images"]


async def test_administrators_see_what_they_may_delete(
    posts: Subgraph, ada: Person, admin: Person, grace: Person
) -> None:
    post = await create(posts, ada, visibility="PRIVATE", content="hidden")
    assert (await contents(posts, admin), await contents(posts, grace)) == (["hidden"], [])
    assert (await data(posts, ONE, admin.headers, id=post))["post"]["content"] == "hidden"
    gone = await act(posts, "deletePost", admin.headers, "deletedPostId", postId=post)
    assert gone["deletedPostId"] == post
    assert await refused(posts, "deletePost", admin.headers, postId=post) == [("NOT_FOUND", "postId")]


async def test_a_reader_sees_public_posts_and_their_own_in_one_order(
    posts: Subgraph, ada: Person, grace: Person
) -> None:
    for author, content, visibility in (
        (ada, "1", "PUBLIC"),
        (ada, "2", "PRIVATE"),
        (grace, "3", "PRIVATE"),
        (grace, "4", "PUBLIC"),
        (ada, "5", "FOLLOWERS"),
    ):
        await create(posts, author, content=content, visibility=visibility)
    assert await contents(posts, ada) == ["5", "4", "2", "1"]
    assert await contents(posts, grace, by="OLDEST") == ["1", "3", "4"]
    assert await contents(posts, None) == ["4", "1"]
    paged = """query($after: String, $last: Int, $first: Int) {
        posts(first: $first, last: $last, after: $after) {
            nodes { content } pageInfo { endCursor hasNextPage } } }"""
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = (await data(posts, paged, ada.headers, first=1, after=after))["posts"]
        seen += [post["content"] for post in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (seen, page["pageInfo"]["hasNextPage"]) == (["5", "4", "2", "1"], False)
    last = (await data(posts, paged, ada.headers, last=2))["posts"]["nodes"]
    assert [post["content"] for post in last] == ["2", "1"]


async def test_posts_are_filtered(posts: Subgraph, ada: Person, grace: Person) -> None:
    await create(posts, ada, content="text")
    await create(posts, grace, content="picture", images=[IMAGE])
    query = "query($f: PostFilter) { posts(filter: $f) { totalCount nodes { content } } }"
    for wanted, expected in (
        ({"type": "IMAGES"}, ["picture"]),
        ({"authorId": str(ada.id)}, ["text"]),
        ({"createdAfter": "2100-01-01T00:00:00Z"}, []),
        ({"createdBefore": "2100-01-01T00:00:00Z"}, ["picture", "text"]),
    ):
        listed = (await data(posts, query, f=wanted))["posts"]
        assert [post["content"] for post in listed["nodes"]] == expected
        assert listed["totalCount"] == len(expected)
    assert await code(posts, query, f={"authorId": "me"}) == "BAD_USER_INPUT"


async def test_posts_are_saved_and_forgotten_even_when_they_can_be_seen_no_longer(
    posts: Subgraph, ada: Person, grace: Person
) -> None:
    post = await create(posts, ada)
    shown = "post { viewerHasBookmarked bookmarkCount }"
    for _ in range(2):
        saved = await act(posts, "bookmarkPost", grace.headers, shown, postId=post)
        assert saved["post"] == {"viewerHasBookmarked": True, "bookmarkCount": 1}
    mine = "{ bookmarkedPosts { totalCount edges { bookmarkedAt node { id } } } }"
    listed = (await data(posts, mine, grace.headers))["bookmarkedPosts"]
    assert (listed["totalCount"], listed["edges"][0]["node"]["id"]) == (1, post)
    await act(posts, "updatePost", ada.headers, postId=post, visibility="PRIVATE")
    assert (await data(posts, mine, grace.headers))["bookmarkedPosts"]["totalCount"] == 0
    forgotten = await act(posts, "removeBookmark", grace.headers, "post { id }", postId=post)
    assert forgotten == {"post": None, "errors": []}
    again = await refused(posts, "removeBookmark", grace.headers, postId=post)
    assert again == [("NOT_FOUND", "postId")], "nothing tells that it is there"
    assert await refused(posts, "bookmarkPost", grace.headers, postId=post) == [("NOT_FOUND", "postId")]


async def test_users_and_events_carry_their_posts_and_no_draft_hands_out_its_event(
    posts: Subgraph, ada: Person
) -> None:
    event = str(uuid4())
    await create(posts, ada, content="about", eventId=event)
    query = """query($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { postCount posts { nodes { content } } }
        ... on Event { posts { nodes { content } } } } }"""
    wanted = [{"__typename": "User", "id": str(ada.id)}, {"__typename": "Event", "id": event}]
    user, about = (await data(posts, query, r=wanted))["_entities"]
    assert user == {"postCount": 1, "posts": {"nodes": [{"content": "about"}]}}
    assert about == {"posts": {"nodes": [{"content": "about"}]}}


async def test_the_router_gives_the_name_that_a_permalink_needs(posts: Subgraph, ada: Person) -> None:
    post = await create(posts, ada)
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Post { permalink } } }"
    known = {"__typename": "Post", "id": post, "author": {"username": "ada"}}
    odd = [{**known, "author": author} for author in (None, 7, {"username": 7}, {})]
    found = (await data(posts, query, r=[known, *odd]))["_entities"]
    assert [each["permalink"] for each in found] == [f"/@ada/posts/{post}", None, None, None, None]


@pytest.mark.parametrize("odd", ["\0", "a\0b", "\ud800", "x" * 6000, "\x1b[0m"])
async def test_odd_text_is_refused_and_breaks_nothing(posts: Subgraph, ada: Person, odd: str) -> None:
    assert await refused(posts, "createPost", ada.headers, content=odd) == [("INVALID_INPUT", "content")]
    given = {"content": "x", "images": [{"url": odd, "altText": odd}]}
    assert {code for code, _ in await refused(posts, "createPost", ada.headers, **given)} == {"INVALID_INPUT"}
    assert await refused(posts, "deletePost", ada.headers, postId=odd) == [("INVALID_INPUT", "postId")]
