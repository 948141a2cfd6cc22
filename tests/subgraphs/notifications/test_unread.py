"""The number of unread notifications: right whatever happens to Redis and to the workers; marking; pages."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Uuid

from subgraphs.kit.outbox import Message
from subgraphs.notifications.models import metadata
from subgraphs.notifications.repository import Hearing
from subgraphs.notifications.repository.tidying import forget_old, forget_person
from tests.subgraphs.notifications.alone import Alone
from tests.subgraphs.support import code, data, refused


async def likes(alone: Alone, number: int, name: str = "ada") -> None:
    for _ in range(number):
        await alone.like(await alone.post(name), "grace", name)


async def test_the_number_is_in_redis_and_follows_every_change(alone: Alone) -> None:
    assert await alone.unread("ada") == 0
    await likes(alone, 3)
    first, *_ = await alone.nodes("ada")
    assert await alone.unread("ada") == 3
    async with alone.stores.redis.use() as client:
        assert await client.get(f"aqstream:notifications:unread:{alone.id('ada')}") == b"3"
    left = await alone.act(
        "ada", "markNotificationsRead", "unreadNotificationCount", notificationIds=[first["id"], str(uuid4())]
    )
    assert left["unreadNotificationCount"] == await alone.unread("ada") == 2
    left = await alone.act("ada", "markAllNotificationsRead", "unreadNotificationCount")
    assert left["unreadNotificationCount"] == await alone.unread("ada") == 0


async def test_what_came_after_one_looked_stays_unread(alone: Alone) -> None:
    await likes(alone, 2)
    seen = (await alone.nodes("ada"))[0]["happenedAt"]
    await likes(alone, 1)
    left = await alone.act("ada", "markAllNotificationsRead", "unreadNotificationCount", until=seen)
    assert left["unreadNotificationCount"] == 1


async def test_the_number_is_right_after_redis_lost_everything(alone: Alone) -> None:
    await likes(alone, 2)
    await alone.run()
    assert await alone.unread("ada") == 2
    async with alone.stores.redis.use() as client:
        await client.flushall()
    assert await alone.unread("ada") == 2


async def test_a_worker_killed_after_its_commit_leaves_a_number_that_is_set_right(alone: Alone) -> None:
    await alone.run()
    assert await alone.unread("ada") == 0
    await likes(alone, 1)  # committed; nothing after it was done
    assert await alone.unread("ada") == 0, "the old number, for as long as the job waits"
    await alone.run()
    assert await alone.unread("ada") == 1


async def test_a_worker_killed_before_its_commit_has_told_nothing(alone: Alone) -> None:
    post = await alone.post("ada")
    facts = {"user_id": alone.id("grace"), "author_id": alone.id("ada")}
    message = Message("interactions.post", str(post), "PostLiked", facts)

    class Killed(BaseException):
        pass

    async def killed() -> None:
        async with alone.stores.postgres.write() as session:
            await Hearing().hear(session, message)
            raise Killed

    with pytest.raises(Killed):
        await killed()
    assert await alone.nodes("ada") == []
    await alone.hear(message)
    assert len(await alone.nodes("ada")) == 1
    assert await alone.unread("ada") == 1


async def test_marking_and_hearing_at_once_leave_the_number_that_is_true(alone: Alone) -> None:
    await likes(alone, 5)
    await asyncio.gather(
        *(alone.act("ada", "markAllNotificationsRead") for _ in range(3)),
        likes(alone, 5),
        *(alone.unread("ada") for _ in range(5)),
    )
    await alone.run()
    listed = await alone.page("ada", filter={"isRead": False})
    assert await alone.unread("ada") == listed["totalCount"]


async def test_pages_go_on_where_they_ended_and_filters_say_which(alone: Alone) -> None:
    await likes(alone, 5)
    post = await alone.post("ada")
    await alone.comment(post, "grace", "ada")
    found: list[Any] = []
    window: dict[str, Any] = {"first": 2}
    while True:
        page = await alone.page("ada", **window)
        assert page["totalCount"] == 6
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        window["after"] = page["pageInfo"]["endCursor"]
    times = [each["happenedAt"] for each in found]
    assert len(found) == 6
    assert times == sorted(times, reverse=True)
    assert len(await alone.nodes("ada", filter={"kinds": ["POST_COMMENTED"]})) == 1
    await alone.act("ada", "markNotificationsRead", notificationIds=[each["id"] for each in found[:2]])
    assert len(await alone.nodes("ada", filter={"isRead": False})) == 4
    assert len(await alone.nodes("ada", filter={"isRead": True, "kinds": ["POST_LIKED"]})) == 1


async def test_what_is_no_id_or_too_much_is_refused_where_it_is(alone: Alone) -> None:
    headers = alone.person("ada").headers
    mark = "markNotificationsRead"
    wrong = await refused(alone.subgraph, mark, headers, notificationIds=[str(uuid4()), "x"])
    assert wrong == [("INVALID_INPUT", "notificationIds.1")]
    many = await refused(alone.subgraph, mark, headers, notificationIds=[str(uuid4())] * 101)
    assert many == [("INVALID_INPUT", "notificationIds")]
    for query in (
        "{ notifications { totalCount } }",
        "{ unreadNotificationCount }",
        "{ notificationSettings { quietFrom } }",
    ):
        assert await code(alone.subgraph, query) == "UNAUTHENTICATED"


async def test_read_ones_are_forgotten_after_three_months_and_others_after_a_year(alone: Alone) -> None:
    await likes(alone, 4)
    nodes = await alone.nodes("ada")
    age = """UPDATE notifications SET happened_at = now() - make_interval(days => :days), read_at = :read
        WHERE id = :id"""
    now = alone.now
    ages = [(80, now), (100, now), (300, None), (370, None)]
    for node, (days, read) in zip(nodes, ages, strict=True):
        await alone.sql(age, days=days, read=read, id=node["id"])
    async with alone.stores.postgres.write() as session:
        await forget_old(session)
    assert [each["id"] for each in await alone.nodes("ada")] == [nodes[0]["id"], nodes[2]["id"]]
    assert await alone.unread("ada") == 1
    assert await alone.sql("SELECT count(*) FROM notification_causes") == [(2,)]


async def test_who_is_gone_is_in_no_table_any_longer_nor_named_to_anybody(alone: Alone) -> None:
    for name in ("ada", "grace"):
        await alone.know(name, telegram=len(name))
    hers, his = await alone.post("ada"), await alone.post("grace")
    await alone.like(hers, "grace", "ada")
    await alone.like(his, "ada", "grace")
    await alone.like(his, "eve", "grace")
    choice = {"kind": "POST_LIKED", "channel": "MAIL", "isOn": True}
    await alone.act(
        "ada", "updateNotificationSettings", quietFrom="01:00", quietUntil="02:00", choices=[choice]
    )
    pair = {"follower_id": alone.id("ada"), "followed_id": alone.id("grace")}
    await alone.rows("users.follows", "FollowsTold", pair)
    await alone.like(await alone.post("ada"), "grace", "ada")
    await alone.deliver(alone.now.replace(hour=14))
    assert len(alone.mails()) == 1
    async with alone.stores.postgres.write() as session:
        await forget_person(session, UUID(alone.id("ada")))
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Uuid):
                left = f"SELECT count(*) FROM {table.name} WHERE {column.name} = :who"
                assert await alone.sql(left, who=UUID(alone.id("ada"))) == [(0,)], str(column)
    (told,) = await alone.nodes("grace")
    assert (told["actorCount"], [each["id"] for each in told["actors"]]) == (1, [alone.id("eve")])


async def test_one_takes_everything_away_that_is_kept_about_one(alone: Alone) -> None:
    await alone.know("ada")
    await likes(alone, 1)
    await likes(alone, 1, "eve")
    await alone.act("ada", "updateNotificationSettings", quietFrom="22:00", quietUntil="07:00")
    told = await data(alone.subgraph, "{ notificationExport }", alone.person("ada").headers)
    export = told["notificationExport"]
    assert {name: len(rows) for name, rows in export.items()} == {
        "settings": 1,
        "choices": 0,
        "devices": 0,
        "notifications": 1,
        "causes": 1,
        "deliveries": 0,
        "log": 0,
        "contacts": 1,
    }
    assert alone.id("eve") not in str(export)
    assert await data(alone.subgraph, "{ notificationExport }") == {"notificationExport": None}
