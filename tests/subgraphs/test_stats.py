"""`user_stats`: what other domains count of people and tell, right whatever dies or comes twice."""

from __future__ import annotations

import pytest

from db.postgres import WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.outbox import Message, Relay
from subgraphs.kit.tallies import Tallies
from tests.subgraphs.mesh import Mesh, Person

STATS = "posts hostedEvents attendedEvents invitationsSent invitationsAccepted"
NONE = dict.fromkeys(STATS.split(), 0)


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


async def stats(mesh: Mesh, who: Person) -> dict[str, int]:
    await mesh.settle()
    seen: dict[str, int] = (await who.ask(f"{{ me {{ stats {{ {STATS} }} }} }}"))["me"]["stats"]
    return seen


def teller(mesh: Mesh, domain: str) -> Tallies:
    (found,) = [task for task in mesh.tasks[domain] if isinstance(task, Tallies)]
    return found


async def test_what_somebody_does_is_counted_as_it_comes_and_goes(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    assert await stats(mesh, ada) == NONE
    posts = [(await ada.act("createPost", "post { id }", content="x"))["post"]["id"] for _ in range(3)]
    event, draft = await ada.publish(), await ada.publish(isDraft=True)
    invited = {"eventId": event, "userId": grace.id}
    invitation = (await ada.act("inviteToEvent", "invitation { id }", **invited))["invitation"]["id"]
    assert await stats(mesh, ada) == NONE | {"posts": 3, "hostedEvents": 1, "invitationsSent": 1}
    await ada.act("updatePost", "post { id }", postId=posts[0], visibility="PRIVATE")
    await ada.act("deletePost", "deletedPostId", postId=posts[1])
    await ada.act("publishEvent", "event { id }", eventId=draft)
    await grace.act("acceptEventInvitation", "invitation { id }", invitationId=invitation)
    given = {"posts": 1, "hostedEvents": 2, "invitationsSent": 1, "invitationsAccepted": 1}
    assert await stats(mesh, ada) == NONE | given
    assert await stats(mesh, grace) == NONE | {"attendedEvents": 1}
    await grace.act("leaveEvent", "event { id }", eventId=event)
    await ada.act("cancelEvent", "event { id }", eventId=event)
    assert await stats(mesh, grace) == NONE
    assert (await stats(mesh, ada))["hostedEvents"] == 1


@pytest.mark.parametrize("moment", ["before it is sent", "before it is heard", "after it was heard"])
async def test_a_valkey_emptied_at_any_step_loses_no_count_and_counts_nothing_twice(
    mesh: Mesh, moment: str
) -> None:
    ada = await mesh.sign_up("ada")
    await ada.act("createPost", "post { id }", content="one")
    await mesh.settle()
    await ada.act("createPost", "post { id }", content="two")
    if moment != "before it is sent":
        await teller(mesh, "posts").step()
        for task in mesh.tasks["posts"]:
            if isinstance(task, Relay):
                await task.step()
    if moment == "after it was heard":
        await mesh.settle()
    async with mesh.stores["posts"].redis.use() as client:
        for key in await client.keys("plait:*"):  # all but the sessions: who asks stays logged in
            await client.delete(key)
    assert await stats(mesh, ada) == NONE | {"posts": 2}


async def test_stats_are_for_who_sees_the_profile(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    query = f'{{ user(id: "{ada.id}") {{ stats {{ posts }} }} }}'
    assert (await grace.ask(query))["user"] == {"stats": {"posts": 0}}
    await ada.act("updatePrivacy", "privacy { isPrivate }", isPrivate=True)
    assert (await grace.ask(query))["user"] == {"stats": None}
    assert (await ada.ask(query))["user"] == {"stats": {"posts": 0}}


@pytest.mark.parametrize("moment", ["before it tells", "after it has told"])
async def test_a_teller_killed_at_any_step_tells_the_next_time(
    mesh: Mesh, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await mesh.sign_up("ada")
    await ada.act("createPost", "post { id }", content="x")
    add = outbox.add

    async def dying(session: WriteSession, *messages: Message) -> None:
        if moment == "after it has told":
            await add(session, *messages)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "add", dying)
        with pytest.raises(Killed):
            await teller(mesh, "posts").step()
    assert (await stats(mesh, ada))["posts"] == 1


async def test_counts_that_come_twice_and_of_who_is_gone_change_nothing(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    for each in (ada, grace):
        await each.act("createPost", "post { id }", content="x")
    await grace.act("deleteAccount", "userId", password="correct horse")
    for _ in range(2):
        await mesh.run("posts", "UPDATE author_tallies SET is_told = false")
        assert (await stats(mesh, ada))["posts"] == 1


async def test_streams_that_are_lost_lose_no_count(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    await ada.act("createPost", "post { id }", content="x")
    await teller(mesh, "posts").step()
    await next(task for task in mesh.tasks["posts"] if task.name == "relay").step()
    async with mesh.stores["users"].redis.use() as client:
        for key in await client.keys("plait:stream:*"):
            await client.delete(key)
        await client.delete("plait:posts:outbox:epoch")
    assert (await stats(mesh, ada))["posts"] == 1


async def test_counting_everything_again_sets_right_what_is_wrong(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await ada.act("createPost", "post { id }", content="x")
    event = await ada.publish()
    await grace.act("attendEvent", "event { id }", eventId=event)
    await grace.act("followUser", "user { id }", userId=ada.id)
    await mesh.settle()
    await mesh.run("posts", "DELETE FROM author_tallies")
    await mesh.run("events", "UPDATE person_tallies SET hosted_count = 7, attended_count = 9")
    await mesh.run("users", "UPDATE user_stats SET follower_count = 8, following_count = 3")
    wrong = "UPDATE user_stats SET post_count = 5 WHERE user_id = CAST(:ada AS uuid)"
    await mesh.run("users", wrong, ada=ada.id)
    for tasks in mesh.tasks.values():
        for task in tasks:
            if task.name.startswith("recount"):
                await task.step()
    assert await stats(mesh, ada) == NONE | {"posts": 1, "hostedEvents": 1}
    assert await stats(mesh, grace) == NONE | {"attendedEvents": 1}
    follows = "{ me { followerCount followingCount } }"
    assert (await ada.ask(follows))["me"] == {"followerCount": 1, "followingCount": 0}
    assert (await grace.ask(follows))["me"] == {"followerCount": 0, "followingCount": 1}


async def test_many_posts_in_one_statement_are_counted_and_told_in_few_messages(mesh: Mesh) -> None:
    many = """INSERT INTO posts (author_id, content)
        SELECT md5('a' || g % 700)::uuid, 'x' FROM generate_series(1, 2100) g"""
    await mesh.run("posts", many)
    found = await mesh.run("posts", "SELECT DISTINCT post_count, count(*) FROM author_tallies GROUP BY 1")
    assert found == [(3, 700)]
    while await teller(mesh, "posts").step():
        pass
    assert await mesh.run("posts", "SELECT count(*) FROM outbox") == [(2,)]
