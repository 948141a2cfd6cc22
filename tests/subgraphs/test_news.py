"""Rows that other domains keep copies of: told as they are, in batches, and those of before too."""

from __future__ import annotations

from uuid import uuid4

from subgraphs.kit.news import News
from tests.subgraphs.mesh import Mesh

TOLD = "SELECT payload FROM outbox WHERE type = :type ORDER BY id"


def teller(mesh: Mesh, domain: str, name: str) -> News:
    (found,) = [task for task in mesh.tasks[domain] if task.name == name]
    assert isinstance(found, News)
    return found


async def test_many_changes_within_a_moment_are_one_message_of_how_it_is(mesh: Mesh) -> None:
    news = teller(mesh, "posts", "posts_news")
    kept, gone = uuid4(), uuid4()
    made = "INSERT INTO posts (id, author_id, content) VALUES (:id, :id, 'x')"
    for post in (kept, gone):
        await mesh.run("posts", made, id=post)
    await mesh.run("posts", "UPDATE posts SET visibility = 'PRIVATE' WHERE id = :id", id=kept)
    await mesh.run("posts", "DELETE FROM posts WHERE id = :id", id=gone)
    assert [await news.step(), await news.step()] == [True, False]
    ((payload,),) = await mesh.run("posts", TOLD, type="PostsTold")
    assert payload["gone"] == [{"id": str(gone)}]
    (row,) = payload["rows"]
    assert (row["id"], row["author_id"], row["visibility"]) == (str(kept), str(kept), "PRIVATE")


async def test_a_change_of_what_is_not_told_is_no_news(mesh: Mesh) -> None:
    news = teller(mesh, "posts", "posts_news")
    await mesh.run("posts", "INSERT INTO posts (author_id, content) VALUES (gen_random_uuid(), 'x')")
    await news.step()
    await mesh.run("posts", "UPDATE posts SET content = 'y'")
    await news.step()
    assert len(await mesh.run("posts", TOLD, type="PostsTold")) == 1


async def test_a_row_of_two_keys_is_told_and_taken_back_by_both(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await ada.act("blockUser", "user { id }", userId=grace.id)
    await mesh.settle()
    pair = {"blocker_id": ada.id, "blocked_id": grace.id}
    copy = "SELECT blocker_id::text, blocked_id::text FROM blocks"
    assert await mesh.run("interactions", copy) == [tuple(pair.values())]
    await ada.act("unblockUser", "user { id }", userId=grace.id)
    await mesh.settle()
    assert await mesh.run("interactions", copy) == []
    told = [payload for (payload,) in await mesh.run("users", TOLD, type="BlocksTold")]
    assert told == [{"rows": [pair], "gone": []}, {"rows": [], "gone": [pair]}]


async def test_more_than_a_batch_is_told_in_several_messages(mesh: Mesh) -> None:
    news = teller(mesh, "posts", "posts_news")
    many = (
        "INSERT INTO posts (author_id, content) SELECT gen_random_uuid(), 'x' FROM generate_series(1, 1500)"
    )
    await mesh.run("posts", many)
    assert [await news.step() for _ in range(3)] == [True, True, False]
    told = [len(payload["rows"]) for (payload,) in await mesh.run("posts", TOLD, type="PostsTold")]
    assert told == [1000, 500]
