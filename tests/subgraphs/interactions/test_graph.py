"""Likes and comments in the whole graph: what the other domains' rules and messages mean for them."""

from __future__ import annotations

import re

import pytest

from router.planner import QueryPlanner
from subgraphs.interactions.repository import Counters
from tests.subgraphs.mesh import SUPERGRAPH, Mesh, Person

READ = """query($id: ID!) { post(id: $id) { likeCount viewerHasLiked likes { nodes { username } }
    comments(orderBy: OLDEST) { nodes { text author { username } replies { nodes { text } } } } } }"""


async def comment(who: Person, post: str, text: str, parent: str | None = None) -> str:
    given = {"postId": post, "text": text, "parentId": parent}
    made = await who.act("createComment", "comment { id }", **given)
    return str(made["comment"]["id"])


async def test_a_post_that_is_private_takes_what_is_said_of_it_with_it(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    post = (await ada.act("createPost", "post { id }", content="x"))["post"]["id"]
    mine = await comment(grace, post, "Said")
    await ada.act("updatePost", "post { id }", postId=post, visibility="PRIVATE")
    read = "query($id: ID!) { comment(id: $id) { text post { likeCount } } }"
    assert await grace.ask(read, id=mine) == {"comment": None}
    assert (await ada.ask(read, id=mine))["comment"] == {"text": "Said", "post": {"likeCount": 0}}
    assert (await grace.ask(READ, id=post))["post"] is None
    assert await grace.refused("likePost", postId=post) == [("NOT_FOUND", "postId")]


async def test_of_two_of_whom_one_blocks_the_other_neither_sees_the_others_words(mesh: Mesh) -> None:
    ada, grace, eve = [await mesh.sign_up(name) for name in ("ada", "grace", "eve")]
    post = (await ada.act("createPost", "post { id }", content="x"))["post"]["id"]
    by_eve = await comment(eve, post, "by eve")
    await comment(ada, post, "answer", by_eve)
    by_grace = await comment(grace, post, "by grace")
    await eve.act("likePost", "post { id }", postId=post)
    await grace.act("blockUser", "user { id }", userId=eve.id)
    await mesh.settle()
    shown = [await who.ask(READ, id=post) for who in (ada, grace, eve)]
    texts = [[node["text"] for node in each["post"]["comments"]["nodes"]] for each in shown]
    assert texts == [["by eve", "by grace"], ["by grace"], ["by eve"]]
    seen = (await grace.ask(READ, id=post))["post"]
    assert (seen["likeCount"], seen["likes"]["nodes"]) == (1, [])
    assert await eve.refused("likeComment", commentId=by_grace) == [("NOT_FOUND", "commentId")]
    answer = {"postId": post, "parentId": by_eve, "text": "x"}
    assert await grace.refused("createComment", **answer) == [("NOT_FOUND", "parentId")]
    assert (await grace.ask("query($id: ID!) { comment(id: $id) { text } }", id=by_eve))["comment"] is None


async def test_a_post_that_is_deleted_takes_its_likes_and_comments_with_it(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    post = (await ada.act("createPost", "post { id }", content="x"))["post"]["id"]
    await ada.act("likePost", "post { id }", postId=post)
    await comment(ada, post, "answer", await comment(ada, post, "root"))
    await ada.act("deletePost", "deletedPostId", postId=post)
    await mesh.settle()
    kept = "SELECT (SELECT count(*) FROM likes), (SELECT count(*) FROM comments)"
    assert await mesh.run("interactions", kept) == [(0, 0)]


async def test_a_writer_that_is_killed_before_redis_has_the_number_leaves_it_to_who_hears_of_the_write(
    mesh: Mesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(_counters: Counters, _counts: object) -> None:
        return None

    ada = await mesh.sign_up("ada")
    post = (await ada.act("createPost", "post { id }", content="x"))["post"]["id"]
    assert (await ada.ask(READ, id=post))["post"]["likeCount"] == 0
    with monkeypatch.context() as patched:
        patched.setattr(Counters, "try_to_put", killed)
        await ada.act("likePost", "post { id }", postId=post)
    assert (await ada.ask(READ, id=post))["post"]["likeCount"] == 0, "Redis has the old number"
    await mesh.settle()
    assert (await ada.ask(READ, id=post))["post"]["likeCount"] == 1


def test_a_timeline_with_its_comments_needs_a_fetch_of_each_subgraph() -> None:
    operation = """{ posts { nodes { content author { username } likeCount commentCount viewerHasLiked
        comments(first: 2) { nodes { text author { username } } } } } }"""
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(operation)
    asked = re.findall(r'etch\(service: "(\w+)"', plan.to_text())
    assert asked[:2] == ["posts", "interactions"]
    assert plan.to_text().count("Fetch(") == 3
