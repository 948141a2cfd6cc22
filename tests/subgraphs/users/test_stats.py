"""`user_stats`: what the triggers keep is what a count would say."""

from __future__ import annotations

import asyncio
from itertools import permutations

from tests.subgraphs.support import refused
from tests.subgraphs.users.people import PASSWORD, Users

COUNTS = "{ me { followerCount followingCount } }"
TRUTH = """SELECT s.user_id FROM user_stats s WHERE follower_count <>
    (SELECT count(*) FROM follows WHERE followed_id = s.user_id) OR following_count <>
    (SELECT count(*) FROM follows WHERE follower_id = s.user_id)"""


async def test_followers_are_counted_as_they_come_and_go(world: Users) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    for _ in range(2):
        await grace.act("followUser", userId=ada.id)
    assert (await ada.data(COUNTS))["me"] == {"followerCount": 1, "followingCount": 0}
    assert (await grace.data(COUNTS))["me"] == {"followerCount": 0, "followingCount": 1}
    await ada.act("followUser", userId=grace.id)
    await ada.act("deleteAccount", password=PASSWORD)
    assert (await grace.data(COUNTS))["me"] == {"followerCount": 0, "followingCount": 0}


async def test_people_who_follow_each_other_at_once_wait_for_nobody_and_are_counted(world: Users) -> None:
    people = [await world.sign_up(f"user{number}") for number in range(4)]
    for mutation in ("followUser", "unfollowUser", "followUser"):
        pairs = permutations(people, 2)
        done = await asyncio.gather(
            *(refused(world.subgraph, mutation, one.headers, userId=other.id) for one, other in pairs)
        )
        assert done == [[]] * 12
        assert await world.run(TRUTH) == []


async def test_many_follows_in_one_statement_are_counted(world: Users) -> None:
    for number in range(3):
        await world.sign_up(f"user{number}")
    await world.run("INSERT INTO follows SELECT a.id, b.id, now() FROM users a, users b WHERE a.id <> b.id")
    assert await world.run(TRUTH) == []
    assert await world.run("SELECT DISTINCT follower_count, following_count FROM user_stats") == [(2, 2)]
