"""The posts subgraph as its clients and its router see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, code, config_in, data, error

CREATE = "mutation($input: CreatePostInput!) { createPost(input: $input) { id type content visibility } }"


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


async def create(posts: Subgraph, author: Person, **details: object) -> str:
    answer = await data(posts, CREATE, author.headers, input={"content": "Hello"} | details)
    return str(answer["createPost"]["id"])


async def test_a_logged_in_user_posts_and_everyone_reads(posts: Subgraph, ada: Person) -> None:
    event = str(uuid4())
    images = [{"url": "https://x.example/1.jpg", "altText": "One"}]
    post = await create(posts, ada, eventId=event, images=images)
    query = "query($id: ID!) { post(id: $id) { type author { id } event { id } images { url altText } } }"
    assert (await data(posts, query, id=post))["post"] == {
        "type": "EVENT",
        "author": {"id": str(ada.id)},
        "event": {"id": event},
        "images": [{"url": "https://x.example/1.jpg", "altText": "One"}],
    }


@pytest.mark.parametrize(
    "mutation",
    [
        'createPost(input: {content: "x"}) { id }',
        'updatePost(id: "%s", input: {content: "x"}) { id }',
        'deletePost(id: "%s")',
        'bookmarkPost(id: "%s") { id }',
        'removeBookmark(id: "%s") { id }',
    ],
)
async def test_nobody_writes_without_a_login(posts: Subgraph, ada: Person, mutation: str) -> None:
    post = await create(posts, ada)
    operation = "mutation { " + mutation.replace("%s", post) + " }"
    assert await code(posts, operation) == "UNAUTHENTICATED"
    assert await code(posts, operation, {"Authorization": "Bearer forged"}) == "UNAUTHENTICATED"


async def test_only_the_author_changes_a_post(posts: Subgraph, ada: Person, grace: Person) -> None:
    post = await create(posts, ada)
    update = 'mutation($id: ID!) { updatePost(id: $id, input: {content: "changed"}) { content } }'
    assert await code(posts, update, grace.headers, id=post) == "FORBIDDEN"
    assert (await data(posts, update, ada.headers, id=post))["updatePost"] == {"content": "changed"}


async def test_an_administrator_removes_but_does_not_rewrite(
    posts: Subgraph, ada: Person, config: SubgraphConfig
) -> None:
    admin = Person(config, roles=frozenset({"ROLE_USER", "ROLE_ADMIN"}))
    post = await create(posts, ada, visibility="PRIVATE")
    update = 'mutation($id: ID!) { updatePost(id: $id, input: {content: "changed"}) { content } }'
    assert await code(posts, update, admin.headers, id=post) == "FORBIDDEN"
    remove = "mutation($id: ID!) { deletePost(id: $id) }"
    assert (await data(posts, remove, admin.headers, id=post))["deletePost"] == post
    assert (await data(posts, "query($id: ID!) { post(id: $id) { id } }", ada.headers, id=post))[
        "post"
    ] is None


async def test_what_cannot_be_seen_does_not_exist(posts: Subgraph, ada: Person, grace: Person) -> None:
    post = await create(posts, ada, visibility="PRIVATE")
    query = "query($id: ID!) { post(id: $id) { id } posts { nodes { id } } }"
    hidden: object = {"post": None, "posts": {"nodes": []}}
    assert await data(posts, query, id=post) == hidden
    assert await data(posts, query, grace.headers, id=post) == hidden
    assert await data(posts, query, {"Authorization": "Bearer expired"}, id=post) == hidden
    assert (await data(posts, query, ada.headers, id=post))["post"] == {"id": post}
    bookmark = "mutation($id: ID!) { bookmarkPost(id: $id) { id } }"
    assert await code(posts, bookmark, grace.headers, id=post) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"content": ""}, "content"),
        ({"content": "  \n "}, "content"),
        ({"content": "x" * 5001}, "content"),
        ({"content": "a\0b"}, "content"),
        ({"images": [{"url": "ftp://x.example/1"}]}, "images"),
        ({"images": [{"url": "https://x.example/1"}] * 11}, "images"),
        ({"eventId": "soon"}, "eventId"),
    ],
)
async def test_a_post_that_breaks_rules_says_which(
    posts: Subgraph, ada: Person, details: dict[str, object], field: str
) -> None:
    problem = await error(posts, CREATE, ada.headers, input={"content": "Hello"} | details)
    assert problem["extensions"]["code"] == "BAD_USER_INPUT"
    assert set(problem["extensions"]["fields"]) == {field}


async def test_a_permalink_needs_the_authors_name_from_the_router(posts: Subgraph, ada: Person) -> None:
    post = await create(posts, ada)
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Post { permalink } } }"
    given = {"__typename": "Post", "id": post, "author": {"__typename": "User", "username": "ada"}}
    without = {"__typename": "Post", "id": post, "author": None}
    answer = await data(posts, query, r=[given, without])
    assert answer["_entities"] == [{"permalink": f"/@ada/posts/{post}"}, {"permalink": None}]


async def test_bookmarks_are_ones_own(posts: Subgraph, ada: Person, grace: Person) -> None:
    post = await create(posts, ada)
    await data(posts, "mutation($id: ID!) { bookmarkPost(id: $id) { id } }", grace.headers, id=post)
    query = "{ bookmarkedPosts { nodes { id viewerHasBookmarked } } }"
    mine = {"nodes": [{"id": post, "viewerHasBookmarked": True}]}
    assert (await data(posts, query, grace.headers))["bookmarkedPosts"] == mine
    assert (await data(posts, query, ada.headers))["bookmarkedPosts"] == {"nodes": []}
    assert await code(posts, query) == "UNAUTHENTICATED"
    assert (await data(posts, "{ posts { nodes { viewerHasBookmarked } } }"))["posts"]["nodes"] == [
        {"viewerHasBookmarked": None}
    ]


async def test_a_connection_is_walked_by_its_cursors(posts: Subgraph, ada: Person) -> None:
    made = [await create(posts, ada, content=str(number)) for number in range(5)]
    query = """query($after: String) { posts(first: 2, after: $after) {
        nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = (await data(posts, query, after=after))["posts"]
        seen += [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        after = page["pageInfo"]["endCursor"]
    assert seen == made[::-1]
    assert page["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True, "endCursor": after}
    assert await code(posts, query, after="bm9uc2Vuc2U") == "BAD_USER_INPUT"
