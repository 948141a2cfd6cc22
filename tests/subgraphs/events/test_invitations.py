"""Invitations to events: who invites whom, what they answer, and what is counted of it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from subgraphs.events.service import invitations
from tests.subgraphs.mesh import Mesh, Person
from tests.subgraphs.test_departures import found_organization

RECEIVED = """{ me { eventInvitations { totalCount nodes { id status answeredAt
    event { title } inviter { username } invitee { username } } } } }"""
SENT = """{ me { sentEventInvitations { totalCount nodes { id status invitee { username } } }
    eventInvitationCounts { sent pending accepted declined } } }"""
STATUS = "invitation { id status event { title viewerAttendance attendeeCount } }"


async def received(who: Person) -> Any:
    return (await who.ask(RECEIVED))["me"]["eventInvitations"]


async def invite(who: Person, whom: Person, event: str) -> str:
    made = await who.act("inviteToEvent", "invitation { id }", eventId=event, userId=whom.id)
    return str(made["invitation"]["id"])


async def test_somebody_is_asked_and_says_that_they_come(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    event = await ada.publish("Concert")
    invitation = await invite(ada, grace, event)
    (shown,) = (await received(grace))["nodes"]
    assert shown == {
        "id": invitation,
        "status": "PENDING",
        "answeredAt": None,
        "event": {"title": "Concert"},
        "inviter": {"username": "ada"},
        "invitee": {"username": "grace"},
    }
    for _ in range(2):
        done = await grace.act("acceptEventInvitation", STATUS, invitationId=invitation)
        seen = {"title": "Concert", "viewerAttendance": "GOING", "attendeeCount": 1}
        assert done["invitation"] == {"id": invitation, "status": "ACCEPTED", "event": seen}
    assert (await ada.ask(SENT))["me"]["eventInvitationCounts"] == counts(sent=1, accepted=1)
    assert await grace.refused("declineEventInvitation", invitationId=invitation) == [
        ("CONFLICT", "invitationId")
    ]


async def test_a_person_is_asked_once_however_often_and_by_how_many_at_once(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    event = await ada.publish()
    made = await asyncio.gather(*(invite(ada, grace, event) for _ in range(5)))
    assert len(set(made)) == 1
    assert (await received(grace))["totalCount"] == 1
    for _ in range(2):
        await grace.act("declineEventInvitation", STATUS, invitationId=made[0])
    assert await invite(ada, grace, event) == made[0], "an answer is not asked for again"
    sent = (await ada.ask(SENT))["me"]
    assert sent["eventInvitationCounts"] == counts(sent=1, declined=1)
    assert sent["sentEventInvitations"]["nodes"][0]["status"] == "DECLINED"


async def test_who_sees_an_event_that_is_to_come_invites_to_it_and_nobody_else(mesh: Mesh) -> None:
    ada, grace, bob = [await mesh.sign_up(name) for name in ("ada", "grace", "bob")]
    acting = await found_organization(ada, "ours")
    draft = await acting.publish("Draft", isDraft=True)
    own = await bob.publish("Mine", isDraft=True)
    given: dict[str, Any] = {"userId": grace.id}
    assert await bob.refused("inviteToEvent", eventId=draft, **given) == [("NOT_FOUND", "eventId")]
    assert await acting.refused("inviteToEvent", eventId=draft, **given) == [("EVENT_CLOSED", "eventId")]
    assert await bob.refused("inviteToEvent", eventId=own, **given) == [("EVENT_CLOSED", "eventId")]
    assert await bob.refused("inviteToEvent", eventId=str(uuid4()), **given) == [("NOT_FOUND", "eventId")]
    assert await bob.refused("inviteToEvent", eventId=own, userId=bob.id) == [("INVALID_INPUT", "userId")]
    assert (await received(grace))["totalCount"] == 0


async def test_an_invitation_is_answered_by_who_was_asked_and_taken_back_by_who_asked(mesh: Mesh) -> None:
    ada, grace, bob = [await mesh.sign_up(name) for name in ("ada", "grace", "bob")]
    event = await ada.publish()
    invitation = await invite(ada, grace, event)
    for who, mutations in (
        (bob, ("acceptEventInvitation", "declineEventInvitation", "withdrawEventInvitation")),
        (ada, ("acceptEventInvitation", "declineEventInvitation")),
        (grace, ("withdrawEventInvitation",)),
    ):
        for mutation in mutations:
            assert await who.refused(mutation, invitationId=invitation) == [("NOT_FOUND", "invitationId")]
    await ada.act("withdrawEventInvitation", "invitation { id }", invitationId=invitation)
    assert (await received(grace)) == {"totalCount": 0, "nodes": []}
    assert await mesh.ask(f'{{ user(id: "{ada.id}") {{ sentEventInvitations {{ totalCount }} }} }}') == {
        "user": {"sentEventInvitations": None}
    }


async def test_one_that_cannot_come_is_told_why_and_has_not_answered(mesh: Mesh) -> None:
    ada, grace, bob = [await mesh.sign_up(name) for name in ("ada", "grace", "bob")]
    full, gone = await ada.publish("Full", maxAttendees=1), await ada.publish("Gone")
    invited = [await invite(ada, grace, event) for event in (full, gone)]
    await bob.act("attendEvent", "event { id }", eventId=full)
    await ada.act("cancelEvent", "event { id }", eventId=gone)
    refusals = [await grace.refused("acceptEventInvitation", invitationId=each) for each in invited]
    assert refusals == [[("EVENT_FULL", "invitationId")], [("EVENT_CLOSED", "invitationId")]]
    assert (await ada.ask(SENT))["me"]["eventInvitationCounts"] == counts(sent=2, pending=2)


async def test_accepted_and_taken_back_at_once_is_one_of_the_two(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    for _ in range(5):
        event = await ada.publish()
        invitation = await invite(ada, grace, event)
        accepted, withdrawn = await asyncio.gather(
            grace.refused("acceptEventInvitation", invitationId=invitation),
            ada.refused("withdrawEventInvitation", invitationId=invitation),
        )
        assert sorted([accepted, withdrawn]) == [[], [("NOT_FOUND", "invitationId")]]
        query = f'{{ event(id: "{event}") {{ attendeeCount }} }}'
        assert (await ada.ask(query))["event"] == {"attendeeCount": 1 if accepted == [] else 0}


async def test_nobody_is_invited_across_a_block_and_nobody_is_told(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    first, second = await ada.publish("First"), await ada.publish("Second")
    before = await invite(ada, grace, first)
    await grace.act("blockUser", "user { id }", userId=ada.id)
    await mesh.settle()
    assert await received(grace) == {"totalCount": 0, "nodes": []}
    assert await grace.refused("acceptEventInvitation", invitationId=before) == [
        ("NOT_FOUND", "invitationId")
    ]
    nobody = {"eventId": second, "userId": str(uuid4())}
    for given in (nobody, nobody | {"userId": grace.id}):
        made = await ada.act("inviteToEvent", "invitation { status }", **given)
        assert made["invitation"] == {"status": "PENDING"}, "as one to nobody"
    assert await received(grace) == {"totalCount": 0, "nodes": []}
    await grace.act("unblockUser", "user { id }", userId=ada.id)
    await mesh.settle()
    assert await received(grace) == {"totalCount": 0, "nodes": []}
    await invite(ada, grace, first)
    assert (await received(grace))["totalCount"] == 1


async def test_an_invitation_that_slipped_in_before_the_block_was_heard_of_goes(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    event = await ada.publish()
    await grace.act("blockUser", "user { id }", userId=ada.id)
    await invite(ada, grace, event)
    counted = "{ me { eventInvitations { totalCount } } }"
    assert (await grace.ask(counted))["me"] == {"eventInvitations": {"totalCount": 1}}
    for _ in range(2):
        await mesh.settle()
    assert await received(grace) == {"totalCount": 0, "nodes": []}


async def test_one_person_invites_so_many_to_an_event(mesh: Mesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST", 2)
    ada = await mesh.sign_up("ada")
    event = await ada.publish()
    given = [{"eventId": event, "userId": str(uuid4())} for _ in range(4)]
    done = await asyncio.gather(*(ada.refused("inviteToEvent", **each) for each in given))
    assert sorted(done) == [[], [], [("CONFLICT", "eventId")], [("CONFLICT", "eventId")]]


def counts(**given: int) -> dict[str, int]:
    return dict.fromkeys(("sent", "pending", "accepted", "declined"), 0) | given
