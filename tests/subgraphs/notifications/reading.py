"""Somebody's notifications, once everybody has heard everything."""

from __future__ import annotations

from typing import Any

from subgraphs.kit.jobs import Queue
from tests.subgraphs.mesh import Mesh, Person

LIST = """query($first: Int, $after: String, $last: Int, $before: String, $filter: NotificationFilter) {
    notifications(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        totalCount pageInfo { hasNextPage endCursor startCursor }
        nodes { id kind title text actorCount readAt actors { username } post { content } comment { text }
            event { title } lesson { title } } }
    unreadNotificationCount }"""


async def settle(mesh: Mesh, *queues: str) -> None:
    """Everything heard, and the jobs of these queues done: those that are due."""
    await mesh.settle()
    for task in mesh.tasks["notifications"]:
        if isinstance(task, Queue) and task.name in (queues or ("recount",)):
            while await task.step():
                pass


async def listed(who: Person, **window: Any) -> list[Any]:
    await settle(who.mesh)
    return list((await who.ask(LIST, **window))["notifications"]["nodes"])


async def texts(who: Person, **window: Any) -> list[str]:
    return [each["text"] for each in await listed(who, **window)]


async def unread(who: Person) -> int:
    await settle(who.mesh)
    return int((await who.ask("{ unreadNotificationCount }"))["unreadNotificationCount"])


async def post(who: Person, content: str = "Hello", **given: Any) -> str:
    made = await who.act("createPost", "post { id }", content=content, **given)
    await who.mesh.settle()
    return str(made["post"]["id"])
