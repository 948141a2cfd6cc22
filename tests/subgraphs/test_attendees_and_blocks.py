"""Who comes to an event, when people block each other: not there for each other, but places are taken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.subgraphs.mesh import Mesh, Person

LIST = """query($id: ID!) { event(id: $id) { attendeeCount
    attendees { totalCount edges { status node { username } } } } }"""


async def seen(reader: Person | Mesh, event: str) -> tuple[list[str], int, int]:
    """Names, the list's own count, and how many come."""
    found: Any = (await reader.ask(LIST, id=event))["event"]
    names = [edge["node"]["username"] for edge in found["attendees"]["edges"]]
    return names, found["attendees"]["totalCount"], found["attendeeCount"]


class _Anonymous:
    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh

    async def ask(self, query: str, /, **variables: Any) -> Any:
        return await self.mesh.ask(query, None, **variables)


@pytest.mark.parametrize("is_blocker", [True, False])
async def test_who_blocks_and_who_is_blocked_do_not_see_each_other_come(mesh: Mesh, is_blocker: bool) -> None:
    host, ada, bob, eve = [await mesh.sign_up(name) for name in ("host", "ada", "bob", "eve")]
    event = await host.publish("Concert")
    for person in (ada, bob, eve):
        await person.act("attendEvent", "event { id }", eventId=event)
    one, other = (ada, bob) if is_blocker else (bob, ada)
    await one.act("blockUser", "user { username }", userId=other.id)
    await mesh.settle()
    assert await seen(ada, event) == (["ada", "eve"], 2, 3)
    assert await seen(bob, event) == (["bob", "eve"], 2, 3)
    for reader in (host, eve, _Anonymous(mesh)):
        assert await seen(reader, event) == (["ada", "bob", "eve"], 3, 3)  # type: ignore[arg-type]
    await one.act("unblockUser", "user { id }", userId=other.id)
    await mesh.settle()
    assert await seen(ada, event) == (["ada", "bob", "eve"], 3, 3)


async def test_where_somebody_goes_is_not_told_across_a_block(mesh: Mesh) -> None:
    host, ada, bob = [await mesh.sign_up(name) for name in ("host", "ada", "bob")]
    concert = await host.publish("Concert")
    await ada.act("attendEvent", "event { id }", eventId=concert)
    query = """query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        attending { totalCount nodes { title } } } } }"""

    async def told(reader: Person) -> Any:
        answer = await mesh.subgraphs["events"].execute(
            query,
            {"r": [{"__typename": "User", "id": ada.id}]},
            headers={"Authorization": f"Bearer {reader.access}"},
        )
        return answer["data"]["_entities"][0]["attending"]

    everything = {"totalCount": 1, "nodes": [{"title": "Concert"}]}
    assert await told(bob) == everything
    await ada.act("blockUser", "user { username }", userId=bob.id)
    await mesh.settle()
    assert await told(bob) == {"totalCount": 0, "nodes": []}
    assert await told(host) == everything, "it is the host's own event"
    assert await told(ada) == everything
