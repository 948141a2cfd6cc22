"""Nobody hears of what they may not see, nor of who is behind a block, whichever is told first."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.subgraphs.notifications.alone import Alone
from tests.subgraphs.support import data


async def told_of_grace(alone: Alone) -> tuple[UUID, UUID]:
    """Eve has answered Ada under Grace's post, and likes Ada's."""
    for name in ("ada", "grace", "eve"):
        await alone.know(name)
    hers, own = await alone.post("grace"), await alone.post("ada")
    first = await alone.comment(hers, "ada", "grace")
    await alone.comment(hers, "eve", "grace", first, "ada")
    await alone.like(own, "eve", "ada")
    return hers, own


LIKED, ANSWERED = "eve likes your post.", "eve answered your comment."


@pytest.mark.parametrize("blocker", ["ada", "eve"])
async def test_a_block_takes_what_either_did_from_the_other(alone: Alone, blocker: str) -> None:
    await told_of_grace(alone)
    assert await alone.texts("ada") == [LIKED, ANSWERED]
    other = "eve" if blocker == "ada" else "ada"
    pair = {"blocker_id": alone.id(blocker), "blocked_id": alone.id(other)}
    await alone.rows("users.blocks", "BlocksTold", pair)
    assert await alone.texts("ada") == []
    assert await alone.unread("ada") == 0
    post = await alone.post("ada")
    await alone.like(post, "eve", "ada")
    assert await alone.texts("ada") == [], "told after the block"


async def test_of_many_the_one_that_is_blocked_is_named_no_longer(alone: Alone) -> None:
    _, own = await told_of_grace(alone)
    await alone.like(own, "grace", "ada")
    assert (await alone.texts("ada"))[0] == "grace and eve like your post."
    pair = {"blocker_id": alone.id("ada"), "blocked_id": alone.id("grace")}
    await alone.rows("users.blocks", "BlocksTold", pair)
    assert await alone.texts("ada") == [LIKED], "the answer was under the post of who is blocked"


async def test_what_is_under_a_post_that_turns_private_is_shown_again_when_it_is_public(alone: Alone) -> None:
    hers, _ = await told_of_grace(alone)
    for visibility, seen in (
        ("PRIVATE", [LIKED]),
        ("PUBLIC", [LIKED, ANSWERED]),
        ("FOLLOWERS", [LIKED]),
        ("FRIENDS", [LIKED]),
    ):
        await alone.post("grace", visibility, hers)
        assert await alone.texts("ada") == seen, visibility
        assert await alone.unread("ada") == len(seen)


async def test_a_follow_that_ends_takes_what_is_for_followers(alone: Alone) -> None:
    hers, _ = await told_of_grace(alone)
    pair = {"follower_id": alone.id("ada"), "followed_id": alone.id("grace")}
    await alone.post("grace", "FOLLOWERS", hers)
    await alone.rows("users.follows", "FollowsTold", pair)
    assert await alone.texts("ada") == [LIKED, ANSWERED]
    await alone.rows("users.follows", "FollowsTold", gone=[pair])
    assert await alone.texts("ada") == [LIKED]


async def test_an_account_that_turns_private_keeps_its_posts_to_its_followers(alone: Alone) -> None:
    await told_of_grace(alone)
    for is_private, seen in ((True, [LIKED]), (False, [LIKED, ANSWERED])):
        row = {"user_id": alone.id("grace"), "is_private": is_private}
        await alone.rows("users.privacy", "PrivacyTold", row)
        assert await alone.texts("ada") == seen


async def test_what_is_under_a_post_that_is_gone_is_gone(alone: Alone) -> None:
    hers, _ = await told_of_grace(alone)
    await alone.rows("posts.posts", "PostsTold", gone=[{"id": str(hers)}])
    assert await alone.texts("ada") == [LIKED]


async def test_another_persons_notifications_are_nobodys_to_read_or_mark(alone: Alone) -> None:
    await told_of_grace(alone)
    mine = (await alone.nodes("ada"))[0]["id"]
    asked = "query($id: ID!) { notification(id: $id) { text } }"
    for name, seen in (("eve", None), ("ada", {"text": LIKED})):
        told = await data(alone.subgraph, asked, alone.person(name).headers, id=mine)
        assert told == {"notification": seen}
    await alone.act("eve", "markNotificationsRead", notificationIds=[mine])
    assert await alone.unread("ada") == 2
    entity = """query($them: [_Any!]!) { _entities(representations: $them) {
        ... on User { notifications { totalCount } unreadNotificationCount
            notificationSettings { quietFrom } } } }"""
    them = [{"__typename": "User", "id": alone.id("ada")}]
    (other,) = (await data(alone.subgraph, entity, alone.person("eve").headers, them=them))["_entities"]
    assert set(other.values()) == {None}
