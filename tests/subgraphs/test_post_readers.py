"""Who sees a post: each reader × each visibility × an account that is open or private, by every way to it.

What posts knows of people it hears from users: each test lets the messages arrive.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db.config import DomainStore
from tests.subgraphs.mesh import Mesh, Person, meshed

VISIBILITIES = ("PUBLIC", "FOLLOWERS", "PRIVATE")
READERS = ("nobody", "stranger", "follower", "former", "blocked", "blocker", "author", "admin")
SEEN = {
    "open": {
        "PUBLIC": {"nobody", "stranger", "follower", "former", "author", "admin"},
        "FOLLOWERS": {"follower", "author", "admin"},
        "PRIVATE": {"author", "admin"},
    },
    "private": {
        "PUBLIC": {"follower", "author", "admin"},
        "FOLLOWERS": {"follower", "author", "admin"},
        "PRIVATE": {"author", "admin"},
    },
}
"""docs/domains/posts.md has the same table."""
LISTED_FOR_EVERYBODY = frozenset({"posts"})
"""Everybody's list has what others wrote for everybody: what is for followers is on its author's."""
AS_BOOKMARK = """mutation($id: ID!) { bookmarkPost(input: {postId: $id}) { post { id } errors { code } } }"""
AS_REPOST = """mutation($id: ID!) { repostPost(input: {postId: $id}) { post { id } errors { code } } }"""
WAYS = {
    "node": "query($id: ID!) { post(id: $id) { id } }",
    "posts": "{ posts(first: 100) { totalCount nodes { id } } }",
    "posts of an author": """query($author: ID!) {
        posts(filter: {authorId: $author}, first: 100) { totalCount nodes { id } } }""",
    "of a kind": "query($author: ID!) { posts(filter: {authorId: $author, type: EVENT}) { nodes { id } } }",
    "event": "query($event: ID!) { event(id: $event) { posts(first: 100) { totalCount nodes { id } } } }",
    "reposts": "query($passer: ID!) { user(id: $passer) { reposts { totalCount nodes { id } } } }",
    "bookmarked": "{ bookmarkedPosts(first: 100) { totalCount nodes { id } } }",
}


@dataclass(frozen=True)
class World:
    mesh: Mesh
    people: Mapping[str, Person]
    posts: Mapping[str, str]
    """Visibility → the author's post about the event."""
    event: str

    async def ask(self, who: str, query: str, **variables: Any) -> Any:
        if who == "nobody":
            return await self.mesh.ask(query, None, **variables)
        return await self.people[who].ask(query, **variables)

    async def ways(self, who: str, visibility: str) -> dict[str, bool]:
        """Each way to the post, and whether it leads there."""
        post, author = self.posts[visibility], self.people["author"].id
        passer = self.people["follower"].id
        known = {"id": post, "author": author, "event": self.event, "passer": passer}
        found = {}
        for way, query in WAYS.items():
            if way == "bookmarked" and who == "nobody":
                continue
            variables = {name: value for name, value in known.items() if f"${name}:" in query}
            answer = await self.ask(who, query, **variables)
            found[way] = post in _ids(answer)
            assert _is_counted(answer), (who, way)
        found["entity"] = await self._as_entity(who, post)
        if who != "nobody":
            saved = (await self.ask(who, AS_BOOKMARK, id=post))["bookmarkPost"]
            found["bookmark"] = saved["post"] is not None
            passed_on = (await self.ask(who, AS_REPOST, id=post))["repostPost"]
            found["repost"] = passed_on["post"] is not None
        return found

    async def _as_entity(self, who: str, post: str) -> bool:
        """As another subgraph's reference leads there."""
        query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Post { content } } }"
        headers = {} if who == "nobody" else {"Authorization": f"Bearer {self.people[who].access}"}
        answer = await self.mesh.subgraphs["posts"].execute(
            query, {"r": [{"__typename": "Post", "id": post}]}, headers=headers
        )
        assert "errors" not in answer
        return answer["data"]["_entities"] != [None]


def _ids(answer: Any) -> set[str]:
    match answer:
        case dict():
            inner = set().union(*map(_ids, answer.values())) if answer else set()
            return inner | ({answer["id"]} if set(answer) == {"id"} else set())
        case list():
            return set().union(*map(_ids, answer)) if answer else set()
        case _:
            return set()


def _is_counted(answer: Any) -> bool:
    """A list that counts itself counts what it shows."""
    match answer:
        case {"totalCount": total, "nodes": nodes}:
            return bool(total == len(nodes))
        case dict():
            return all(map(_is_counted, answer.values()))
        case _:
            return True


@pytest.fixture(params=["open", "private"])
async def world(
    request: pytest.FixtureRequest, stores: Mapping[str, DomainStore], tmp_path: Path
) -> AsyncIterator[tuple[str, World]]:
    async with meshed(stores, tmp_path) as mesh:
        people = {name: await mesh.sign_up(name) for name in READERS if name != "nobody"}
        author = people["author"]
        event = await author.publish("Concert")
        posts = {}
        for visibility in VISIBILITIES:
            given = {"content": visibility, "visibility": visibility, "eventId": event}
            posts[visibility] = (await author.act("createPost", "post { id }", **given))["post"]["id"]
        for name in ("follower", "former", "blocked", "blocker"):
            await people[name].act("followUser", "user { id }", userId=author.id)
        await people["former"].act("unfollowUser", "user { id }", userId=author.id)
        await author.act("blockUser", "user { username }", userId=people["blocked"].id)
        await people["blocker"].act("blockUser", "user { username }", userId=author.id)
        await mesh.run(
            "users",
            """INSERT INTO user_roles SELECT u.id, r.id FROM users u, roles r
                WHERE u.username = 'admin' AND r.name = 'ROLE_ADMIN'""",
        )
        people["admin"] = await mesh.log_in("admin")
        if request.param == "private":
            await author.act("updatePrivacy", "privacy { isPrivate }", isPrivate=True)
        for visibility, post in posts.items():
            for name in READERS[1:]:
                save = "INSERT INTO bookmarks (user_id, post_id) VALUES (:user, :post)"
                await mesh.run("posts", save, user=people[name].id, post=post)
            assert visibility in VISIBILITIES
            passed_on = "INSERT INTO reposts (user_id, post_id) VALUES (:user, :post)"
            await mesh.run("posts", passed_on, user=people["follower"].id, post=post)
        await mesh.settle()
        yield request.param, World(mesh, people, posts, event)


@pytest.mark.parametrize("visibility", VISIBILITIES)
async def test_a_post_is_seen_by_whom_it_is_for_by_every_way(
    world: tuple[str, World], visibility: str
) -> None:
    account, told = world
    found = {who: await told.ways(who, visibility) for who in READERS}
    expected = {
        who: {way: _is_led_to(account, visibility, who, way) for way in ways} for who, ways in found.items()
    }
    assert found == expected


def _is_led_to(account: str, visibility: str, who: str, way: str) -> bool:
    is_others = visibility == "FOLLOWERS" and who not in {"author", "admin"}
    return who in SEEN[account][visibility] and not (way in LISTED_FOR_EVERYBODY and is_others)


@pytest.mark.parametrize("world", ["open"], indirect=True)
async def test_what_changes_between_people_changes_what_they_see(world: tuple[str, World]) -> None:
    _, told = world
    author, stranger = told.people["author"], told.people["stranger"]

    async def sees(who: str = "stranger", visibility: str = "FOLLOWERS") -> bool:
        await told.mesh.settle()
        answer = await told.ask(who, WAYS["node"], id=told.posts[visibility])
        return answer["post"] is not None

    assert not await sees()
    await stranger.act("followUser", "user { id }", userId=author.id)
    assert await sees()
    await author.act("removeFollower", "user { id }", userId=stranger.id)
    assert not await sees()
    await author.act("updatePrivacy", "privacy { isPrivate }", isPrivate=True)
    assert not await sees(visibility="PUBLIC")
    await stranger.act("followUser", "user { id }", userId=author.id)
    assert not await sees(), "asked, and not answered yet"
    await author.act("acceptFollowRequest", "user { id }", userId=stranger.id)
    assert await sees()
    await author.act("updatePrivacy", "privacy { isPrivate }", isPrivate=False)
    assert await sees("former", "PUBLIC")
    await author.act("unblockUser", "user { id }", userId=told.people["blocked"].id)
    assert await sees("blocked", "PUBLIC")
    assert not await sees("blocked"), "a block has ended the following"


@pytest.mark.parametrize("world", ["private"], indirect=True)
async def test_who_is_told_again_of_everybody_knows_what_there_is(world: tuple[str, World]) -> None:
    """As the migration tells of what there was before anybody listened, and `seed` of what came by COPY."""
    _, told = world
    await told.mesh.run("posts", "DELETE FROM follows")
    await told.mesh.run("posts", "DELETE FROM blocks")
    await told.mesh.run("posts", "DELETE FROM private_accounts")
    before = await told.ways("stranger", "PUBLIC")
    assert before["node"], "nothing is known any more"
    assert await told.mesh.run("users", "SELECT tell_relations()") == [(4,)]
    await told.mesh.settle()
    for visibility in VISIBILITIES:
        for who in READERS:
            found = await told.ways(who, visibility)
            assert found["node"] is (who in SEEN["private"][visibility]), (who, visibility)


@pytest.mark.parametrize("world", ["private"], indirect=True)
async def test_of_somebody_who_is_gone_posts_knows_nothing(world: tuple[str, World]) -> None:
    _, told = world
    author = told.people["author"]
    await author.act("deleteAccount", "userId", password="correct horse")
    await told.mesh.settle()
    for table in ("follows", "blocks", "private_accounts"):
        assert await told.mesh.run("posts", f"SELECT * FROM {table}") == []
