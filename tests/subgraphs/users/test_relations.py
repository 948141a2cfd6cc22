"""Requests to follow a private account, followers removed, and blocks: what they do, alone and at once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.subgraphs.users.people import PASSWORD, Somebody, Users

VIEWED = "user { username viewerFollows viewerHasRequested }"
WAITING = "{ me { followRequests { totalCount edges { requestedAt node { username } } } } }"
SENT = "{ me { sentFollowRequests { totalCount nodes { username } } } }"
BLOCKED = """{ me { blockedUsers { totalCount
    edges { blockedAt node { id username bio followers { nodes { id } } } } } } }"""
COUNT = "{ me { blockedUsers { totalCount } } }"
ROWS = {table: f"SELECT count(*) FROM {table}" for table in ("follows", "follow_requests", "blocks")}


async def private(world: Users, name: str) -> Somebody:
    somebody = await world.sign_up(name)
    await somebody.act("updatePrivacy", "privacy { isPrivate }", isPrivate=True)
    return somebody


async def rows(world: Users) -> tuple[int, ...]:
    """How many follows, requests and blocks there are."""
    return tuple([(await world.run(counted))[0][0] for counted in ROWS.values()])


async def told(world: Users) -> list[str]:
    found = await world.run("SELECT type FROM outbox WHERE topic = 'users.relation' ORDER BY id")
    return [row[0] for row in found]


async def names(asks: Somebody, query: str) -> tuple[int, list[str]]:
    ((_, me),) = (await asks.data(query)).items()
    ((_, listed),) = me.items()
    nodes = listed.get("nodes") or [edge["node"] for edge in listed["edges"]]
    return listed["totalCount"], [node["username"] for node in nodes]


async def test_a_private_account_is_asked_and_lets_in_or_not(world: Users) -> None:
    ada, grace, edith = (
        await private(world, "ada"),
        await world.sign_up("grace"),
        await world.sign_up("edith"),
    )
    for _ in range(2):
        asked = (await grace.act("followUser", VIEWED, userId=ada.id))["user"]
        assert asked == {"username": "ada", "viewerFollows": False, "viewerHasRequested": True}
    await edith.act("followUser", userId=ada.id)
    assert await names(ada, WAITING) == (2, ["edith", "grace"])
    assert await names(grace, SENT) == (1, ["ada"])
    for _ in range(2):
        assert (await ada.act("acceptFollowRequest", "user { username }", userId=grace.id))["user"]
    await ada.act("declineFollowRequest", userId=edith.id)
    assert await ada.refused("declineFollowRequest", userId=edith.id) == [("NOT_FOUND", "userId")]
    assert await ada.refused("acceptFollowRequest", userId=edith.id) == [("NOT_FOUND", "userId")]
    assert await rows(world) == (1, 0, 0)
    assert await told(world) == ["FollowRequested", "FollowRequested", "FollowAccepted"]
    assert (await grace.act("followUser", VIEWED, userId=ada.id))["user"]["viewerFollows"]


async def test_a_request_is_taken_back_also_by_following_no_longer(world: Users) -> None:
    ada, grace = await private(world, "ada"), await world.sign_up("grace")
    for mutation in ("withdrawFollowRequest", "unfollowUser"):
        await grace.act("followUser", userId=ada.id)
        for _ in range(2):
            left = (await grace.act(mutation, VIEWED, userId=ada.id))["user"]
            assert left == {"username": "ada", "viewerFollows": False, "viewerHasRequested": False}
    assert await rows(world) == (0, 0, 0)
    assert await told(world) == ["FollowRequested", "FollowRequestWithdrawn"] * 2


async def test_turning_public_lets_in_who_waits_and_turning_private_keeps_them(
    world: Users,
) -> None:
    ada = await private(world, "ada")
    for name in ("grace", "edith"):
        await (await world.sign_up(name)).act("followUser", userId=ada.id)
    await ada.act("updatePrivacy", isPrivate=False)
    await ada.act("updatePrivacy", isPrivate=True)
    assert await rows(world) == (2, 0, 0)
    assert (await told(world))[2:] == ["FollowAccepted"]
    (payload,) = await world.run("SELECT payload FROM outbox WHERE type = 'FollowAccepted'")
    assert (payload[0]["followed_id"], len(payload[0]["follower_ids"])) == (ada.id, 2)
    turned = await world.run("SELECT type FROM outbox WHERE topic = 'users.account' ORDER BY id")
    assert turned == [("AccountTurnedPrivate",), ("AccountTurnedPublic",), ("AccountTurnedPrivate",)]
    assert (await ada.data("{ me { followerCount } }"))["me"]["followerCount"] == 2


async def test_a_follower_is_removed_and_has_to_ask_again(world: Users) -> None:
    ada, grace = await private(world, "ada"), await world.sign_up("grace")
    await grace.act("followUser", userId=ada.id)
    await ada.act("acceptFollowRequest", userId=grace.id)
    for _ in range(2):
        await ada.act("removeFollower", "user { username }", userId=grace.id)
    assert await rows(world) == (0, 0, 0)
    again = (await grace.act("followUser", VIEWED, userId=ada.id))["user"]
    assert again == {"username": "ada", "viewerFollows": False, "viewerHasRequested": True}


async def test_a_block_ends_what_is_between_two_and_nothing_begins_across_it(world: Users) -> None:
    ada, grace = await private(world, "ada"), await world.sign_up("grace")
    await ada.act("followUser", userId=grace.id)
    await grace.act("followUser", userId=ada.id)
    assert await rows(world) == (1, 1, 0)
    for _ in range(2):
        assert (await ada.act("blockUser", "user { username }", userId=grace.id))["user"] == {
            "username": "grace"
        }
    assert await rows(world) == (0, 0, 1)
    for who, whom in ((ada, grace), (grace, ada)):
        for mutation in ("followUser", "unfollowUser", "removeFollower", "withdrawFollowRequest"):
            assert await who.refused(mutation, userId=whom.id) == [("NOT_FOUND", "userId")]
    assert await grace.refused("blockUser", userId=ada.id) == [("NOT_FOUND", "userId")]
    assert await grace.refused("unblockUser", userId=ada.id) == [("NOT_FOUND", "userId")]
    assert (await grace.data("{ me { blockedUsers { totalCount } } }"))["me"] == {
        "blockedUsers": {"totalCount": 0}
    }
    assert await told(world) == ["UserFollowed", "FollowRequested", "UserBlocked"]


async def test_who_is_blocked_stands_in_ones_own_list_by_name_alone(world: Users) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    await grace.act("updateProfile", bio="Compilers")
    await ada.act("blockUser", userId=grace.id)
    (edge,) = (await ada.data(BLOCKED))["me"]["blockedUsers"]["edges"]
    assert edge["node"] == {"id": grace.id, "username": "grace", "bio": None, "followers": None}
    for _ in range(2):
        seen = (await ada.act("unblockUser", "user { username bio }", userId=grace.id))["user"]
        assert seen == {"username": "grace", "bio": "Compilers"}
    assert await names(ada, BLOCKED) == (0, [])
    assert (await told(world))[-2:] == ["UserBlocked", "UserUnblocked"]


@pytest.mark.parametrize(
    "mutation",
    [
        "followUser",
        "unfollowUser",
        "withdrawFollowRequest",
        "acceptFollowRequest",
        "declineFollowRequest",
        "removeFollower",
        "blockUser",
        "unblockUser",
    ],
)
async def test_who_is_not_there_and_who_is_hidden_are_told_alike(world: Users, mutation: str) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    await grace.act("blockUser", userId=ada.id)
    assert await ada.refused(mutation, userId=grace.id) == [("NOT_FOUND", "userId")]
    assert await ada.refused(mutation, userId=str(uuid4())) == [("NOT_FOUND", "userId")]
    assert await ada.refused(mutation, userId=ada.id) == [("INVALID_INPUT", "userId")]
    assert await ada.refused(mutation, userId="x") == [("INVALID_INPUT", "userId")]


async def test_the_same_request_many_times_at_once_is_one(world: Users) -> None:
    ada, grace = await private(world, "ada"), await world.sign_up("grace")
    await asyncio.gather(*(grace.act("followUser", userId=ada.id) for _ in range(6)))
    assert await rows(world) == (0, 1, 0)
    assert await told(world) == ["FollowRequested"]


async def test_accepted_and_withdrawn_at_once_is_one_of_the_two(world: Users) -> None:
    ada, grace = await private(world, "ada"), await world.sign_up("grace")
    for _ in range(5):
        await grace.act("followUser", userId=ada.id)
        accepted, _withdrawn = await asyncio.gather(
            ada.refused("acceptFollowRequest", userId=grace.id),
            grace.refused("withdrawFollowRequest", userId=ada.id),
        )
        assert await rows(world) == ((1 if accepted == [] else 0), 0, 0)
        await grace.act("unfollowUser", userId=ada.id)


async def test_whatever_comes_at_once_with_a_block_nothing_crosses_it(world: Users) -> None:
    ada, grace = await private(world, "ada"), await world.sign_up("grace")
    for mutation, given in (
        ("acceptFollowRequest", {"userId": grace.id}),
        ("updatePrivacy", {"isPrivate": False}),
        ("followUser", {"userId": grace.id}),
    ):
        await ada.act("updatePrivacy", isPrivate=True)
        await grace.act("followUser", userId=ada.id)
        changes: list[Any] = [
            ada.refused(mutation, **given),
            grace.refused("blockUser", userId=ada.id),
            grace.refused("followUser", userId=ada.id),
        ]
        assert (await asyncio.gather(*changes))[1] == []
        assert await rows(world) == (0, 0, 1), mutation
        await grace.act("unblockUser", userId=ada.id)


async def test_of_two_who_block_each_other_at_once_one_does(world: Users) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    done = await asyncio.gather(
        ada.refused("blockUser", userId=grace.id), grace.refused("blockUser", userId=ada.id)
    )
    assert sorted(done) == [[], [("NOT_FOUND", "userId")]]
    assert await rows(world) == (0, 0, 1)


async def test_who_asks_while_an_account_turns_public_follows_it(world: Users) -> None:
    ada = await private(world, "ada")
    people = [await world.sign_up(f"user{number}") for number in range(5)]
    for _ in range(3):
        await ada.act("updatePrivacy", isPrivate=True)
        asking = [each.refused("followUser", userId=ada.id) for each in people]
        await asyncio.gather(*asking[:2], ada.refused("updatePrivacy", isPrivate=False), *asking[2:])
        assert await rows(world) == (5, 0, 0)
        await asyncio.gather(*(each.act("unfollowUser", userId=ada.id) for each in people))


async def test_accounts_that_wait_for_each_other_and_turn_public_at_once_all_do(
    world: Users,
) -> None:
    people = [await private(world, f"user{number}") for number in range(4)]
    for one in people:
        for other in people:
            if one is not other:
                await one.act("followUser", userId=other.id)
    done = await asyncio.gather(*(each.refused("updatePrivacy", isPrivate=False) for each in people))
    assert done == [[]] * 4
    assert await rows(world) == (12, 0, 0)


async def test_an_account_that_goes_takes_requests_and_blocks_with_it(world: Users) -> None:
    ada, grace = await private(world, "ada"), await world.sign_up("grace")
    edith = await world.sign_up("edith")
    await grace.act("followUser", userId=ada.id)
    await ada.act("blockUser", userId=edith.id)
    gone, *_ = await asyncio.gather(
        ada.act("deleteAccount", "userId", password=PASSWORD),
        grace.refused("withdrawFollowRequest", userId=ada.id),
        grace.refused("followUser", userId=ada.id),
    )
    assert gone["userId"] == ada.id
    assert await rows(world) == (0, 0, 0)


async def test_what_is_exported_does_not_tell_who_blocks_somebody(world: Users) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    await grace.act("blockUser", userId=ada.id)
    hers, theirs = (await grace.data("{ accountExport }")), (await ada.data("{ accountExport }"))
    assert hers["accountExport"]["blocks by blocker_id"][0]["blocked_id"] == ada.id
    assert grace.id not in str(theirs)
    assert {"user_settings by user_id", "user_privacy by user_id"} <= set(theirs["accountExport"])


async def test_ten_thousand_who_wait_are_let_in_at_once_and_told_of_in_few_messages(world: Users) -> None:
    ada = await private(world, "ada")
    await world.run("""INSERT INTO users (id, username, email, password_hash)
        SELECT md5(g::text)::uuid, 'user' || g, g || '@x.example', '' FROM generate_series(1, 10000) g""")
    await world.run(
        "INSERT INTO follow_requests SELECT id, CAST(:ada AS uuid) FROM users WHERE username LIKE 'user%'",
        ada=ada.id,
    )
    await ada.act("updatePrivacy", isPrivate=False)
    assert await rows(world) == (10000, 0, 0)
    assert await told(world) == ["FollowAccepted"] * 10
    assert (await ada.data("{ me { followerCount } }"))["me"]["followerCount"] == 10000
