"""Posts that people pass on: once each, with a comment, and there for who sees the post and the person."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.subgraphs.mesh import Mesh, Person

POST = """query($id: ID!) { post(id: $id) { repostCount viewerHasReposted
    reposters { totalCount edges { comment node { username } } } } }"""
OF = """query($id: ID!) { user(id: $id) { reposts { totalCount edges { comment node { content } } } } }"""


async def written(author: Person, **given: Any) -> str:
    made = await author.act("createPost", "post { id }", **{"content": "Hello"} | given)
    return str(made["post"]["id"])


async def passed_on(reader: Person | None, mesh: Mesh, post: str) -> list[tuple[str, str]]:
    """Who passed it on, and what they said; counted the same."""
    asked = mesh.ask(POST, None, id=post) if reader is None else reader.ask(POST, id=post)
    told = (await asked)["post"]
    found = told["reposters"]
    assert told["repostCount"] == found["totalCount"] == len(found["edges"])
    return [(edge["node"]["username"], edge["comment"]) for edge in found["edges"]]


async def of(reader: Person | None, mesh: Mesh, person: Person) -> list[tuple[str, str]]:
    asked = mesh.ask(OF, None, id=person.id) if reader is None else reader.ask(OF, id=person.id)
    found = (await asked)["user"]["reposts"]
    assert found["totalCount"] == len(found["edges"])
    return [(edge["node"]["content"], edge["comment"]) for edge in found["edges"]]


async def test_a_post_is_passed_on_once_and_commented_again(mesh: Mesh) -> None:
    ada, bob = [await mesh.sign_up(name) for name in ("ada", "bob")]
    post = await written(ada)
    for comment in ("", "  Look at this ", "Or not"):
        await bob.act("repostPost", "post { id }", postId=post, comment=comment)
    assert await passed_on(None, mesh, post) == [("bob", "Or not")]
    assert await of(None, mesh, bob) == [("Hello", "Or not")]
    assert (await bob.ask(POST, id=post))["post"]["viewerHasReposted"] is True
    assert (await ada.ask(POST, id=post))["post"]["viewerHasReposted"] is False
    assert (await mesh.ask(POST, None, id=post))["post"]["viewerHasReposted"] is None
    assert await bob.refused("repostPost", postId=post, comment="x" * 1001) == [("INVALID_INPUT", "comment")]
    await bob.act("removeRepost", "post { id }", postId=post)
    assert await passed_on(None, mesh, post) == []
    await bob.act("removeRepost", "post { id }", postId=post)


async def test_many_reposts_by_one_person_at_once_are_one(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    post = await written(ada)
    tries = (ada.act("repostPost", "post { id }", postId=post, comment=str(n)) for n in range(10))
    await asyncio.gather(*tries)
    assert len(await passed_on(ada, mesh, post)) == 1


async def test_reposters_are_listed_newest_first_page_by_page(mesh: Mesh) -> None:
    author = await mesh.sign_up("author")
    post = await written(author)
    for name in ("ada", "bob", "eve"):
        person = await mesh.sign_up(name)
        await person.act("repostPost", "post { id }", postId=post)
    query = """query($id: ID!, $after: String) { post(id: $id) { reposters(first: 2, after: $after) {
        nodes { username } pageInfo { hasNextPage endCursor } } } }"""
    names: list[str] = []
    page: Any = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        found = (await mesh.ask(query, None, id=post, after=page["endCursor"]))["post"]["reposters"]
        names += [node["username"] for node in found["nodes"]]
        page = found["pageInfo"]
    assert names == ["eve", "bob", "ada"]


async def test_what_a_private_account_passes_on_is_for_its_followers(mesh: Mesh) -> None:
    ada, bob, friend, stranger = [await mesh.sign_up(name) for name in ("ada", "bob", "friend", "stranger")]
    post = await written(ada)
    await bob.act("repostPost", "post { id }", postId=post, comment="Mine")
    await friend.act("followUser", "user { id }", userId=bob.id)
    await bob.act("updatePrivacy", "privacy { isPrivate }", isPrivate=True)
    await mesh.settle()
    for reader, is_shown in ((None, False), (stranger, False), (friend, True), (bob, True)):
        assert await passed_on(reader, mesh, post) == ([("bob", "Mine")] if is_shown else [])
        assert await of(reader, mesh, bob) == ([("Hello", "Mine")] if is_shown else [])


async def test_a_repost_is_not_there_across_a_block_nor_of_who_is_gone(mesh: Mesh) -> None:
    ada, bob, eve = [await mesh.sign_up(name) for name in ("ada", "bob", "eve")]
    post = await written(ada)
    await bob.act("repostPost", "post { id }", postId=post)
    await eve.act("blockUser", "user { username }", userId=bob.id)
    await mesh.settle()
    assert await passed_on(eve, mesh, post) == []
    assert await passed_on(ada, mesh, post) == [("bob", "")]
    await bob.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    assert await passed_on(ada, mesh, post) == []
    assert await mesh.run("posts", "SELECT * FROM reposts") == []
