"""Events that posts show beside what they say."""

from __future__ import annotations

from uuid import uuid4

from tests.subgraphs.mesh import Mesh

SHOWN = "query($id: ID!) { post(id: $id) { type event { title } attachedEvent { title } } }"


async def test_a_post_shows_an_event_beside_what_it_says(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    concert, party = await ada.publish("Concert"), await ada.publish("Party")
    draft = await ada.publish("Secret", isDraft=True)
    for given, shown in (
        ({"attachedEventId": party}, {"type": "TEXT", "event": None, "attachedEvent": {"title": "Party"}}),
        (
            {"eventId": concert, "attachedEventId": party},
            {"type": "EVENT", "event": {"title": "Concert"}, "attachedEvent": {"title": "Party"}},
        ),
        ({"attachedEventId": draft}, {"type": "TEXT", "event": None, "attachedEvent": None}),
        ({"attachedEventId": str(uuid4())}, {"type": "TEXT", "event": None, "attachedEvent": None}),
    ):
        made = await ada.act("createPost", "post { id }", content="Come", **given)
        assert (await mesh.ask(SHOWN, None, id=made["post"]["id"]))["post"] == shown


async def test_an_event_is_attached_to_something(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    party = await ada.publish("Party")
    assert await ada.refused("createPost", attachedEventId=party) == [("INVALID_INPUT", "content")]
    assert await ada.refused("createPost", content="x", attachedEventId="1") == [
        ("INVALID_INPUT", "attachedEventId")
    ]
    poll = {"options": ["Yes", "No"]}
    refused = await ada.refused("createPost", content="x", attachedEventId=party, poll=poll)
    assert refused == [("INVALID_INPUT", "poll")]
