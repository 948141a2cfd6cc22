"""Who sees a post: each reader × each visibility × an account that is open or private, by every way to it.

What posts knows of people it hears from users: each test lets the messages arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from tests.subgraphs.mesh import Mesh, Person

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
HISTORY = "query($id: ID!) { post(id: $id) { edits { totalCount nodes { content } } } }"
AS_BOOKMARK = """mutation($id: ID!) { bookmarkPost(input: {postId: $id}) { post { id } errors { code } } }"""
AS_REPOST = """mutation($id: ID!) { repostPost(input: {postId: $id}) { post { id } errors { code } } }"""
COPIES = ("follows", "blocks", "private_accounts", "names", "languages")
AGAIN = (
    "INSERT INTO follows_news (follower_id, followed_id) SELECT follower_id, followed_id FROM follows",
    "INSERT INTO blocks_news (blocker_id, blocked_id) SELECT blocker_id, blocked_id FROM blocks",
    "INSERT INTO users_news (id) SELECT id FROM users",
    "INSERT INTO user_privacy_news (user_id) SELECT user_id FROM user_privacy",
    "INSERT INTO user_settings_news (user_id) SELECT user_id FROM user_settings",
)
WAYS = {
    "node": "query($id: ID!) { post(id: $id) { id } }",
    "posts": "{ posts(first: 100) { totalCount nodes { id } } }",
    "posts of an author": """query($author: ID!) {
        posts(filter: {authorId: $author}, first: 100) { totalCount nodes { id } } }""",
    "of a kind": "query($author: ID!) { posts(filter: {authorId: $author, type: EVENT}) { nodes { id } } }",
    "event": "query($event: ID!) { event(id: $event) { posts(first: 100) { totalCount nodes { id } } } }",
    "reposts": "query($passer: ID!) { user(id: $passer) { reposts { totalCount nodes { id } } } }",
    "search": '{ searchPosts(text: "concerts", language: "en", first: 100) { totalCount nodes { id } } }',
    "hashtag": '{ hashtag(name: "#Concert") { posts(first: 100) { totalCount nodes { id } } } }',
    "mention": "query($passer: ID!) { user(id: $passer) { mentionedIn { totalCount nodes { id } } } }",
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
        history = await self.ask(who, HISTORY, id=post)
        found["history"] = history["post"] is not None and history["post"]["edits"] is not None
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


@pytest_asyncio.fixture(params=["open", "private"], loop_scope="module")
async def world(request: pytest.FixtureRequest, mesh: Mesh) -> tuple[str, World]:
    people = {name: await mesh.sign_up(name) for name in READERS if name != "nobody"}
    author = people["author"]
    event = await author.publish("Concert")
    await mesh.settle()
    posts = {}
    for visibility in VISIBILITIES:
        content = f"{visibility} @follower #concert"
        given = {"content": content, "visibility": visibility, "eventId": event}
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
    return request.param, World(mesh, people, posts, event)


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
    if way == "history":
        return who in {"author", "admin"}
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
async def test_what_there_was_before_posts_listened_is_told_it(world: tuple[str, World]) -> None:
    """By the migration of users; an operator may say it again."""
    _, told = world
    for copy in COPIES:
        await told.mesh.run("posts", f"DELETE FROM {copy}")
    assert (await told.ways("stranger", "PUBLIC"))["node"], "nothing is known any more"
    for statement in AGAIN:
        await told.mesh.run("users", statement)
    await told.mesh.settle()
    kept = [len(await told.mesh.run("posts", f"SELECT * FROM {copy}")) for copy in COPIES]
    assert kept == [1, 2, 1, 7, 7]
    for visibility in VISIBILITIES:
        for who in READERS:
            found = await told.ask(who, WAYS["node"], id=told.posts[visibility])
            assert (found["post"] is not None) is (who in SEEN["private"][visibility]), (who, visibility)


@pytest.mark.parametrize("world", ["private"], indirect=True)
async def test_of_somebody_who_is_gone_posts_knows_nothing(world: tuple[str, World]) -> None:
    _, told = world
    author = told.people["author"]
    await author.act("deleteAccount", "userId", password="correct horse")
    await told.mesh.settle()
    kept = {copy: await told.mesh.run("posts", f"SELECT * FROM {copy}") for copy in COPIES}
    assert author.id not in str(kept)
    assert [len(kept[copy]) for copy in COPIES] == [0, 0, 0, 6, 6]
