"""createLesson asks teachers, groups and students: what each does when it is dead, slow or wrong."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
import pytest_asyncio

from subgraphs.kit.peers import NotDelivered, Peer, Question
from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import LESSON, in_days, lesson_of
from tests.subgraphs.school.people import Member, administrator, student, teacher

WHY = "errors { code path ... on PeerFailed { service } }"
SERVICES = ("teachers", "groups", "students")


class Dead:
    """Refuses every connection, and counts them."""

    asked = 0

    async def send(self, question: Question) -> dict[str, Any]:
        self.asked += 1
        raise NotDelivered("nobody is there")


class Slow:
    """Answers after its deadline, which comes at once."""

    def __init__(self, deadlines: dict[asyncio.Task[Any] | None, asyncio.Timeout]) -> None:
        self.deadlines = deadlines

    async def send(self, question: Question) -> dict[str, Any]:
        self.deadlines[asyncio.current_task()].reschedule(asyncio.get_running_loop().time())
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")


class Wrong:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def send(self, question: Question) -> dict[str, Any]:
        return {"data": self.answer}


class Partly(Wrong):
    """Its store is away."""

    async def send(self, question: Question) -> dict[str, Any]:
        error = {"message": "away", "extensions": {"code": "SERVICE_UNAVAILABLE"}}
        return {"data": self.answer, "errors": [error]}


class Flaky:
    """Answers at the second attempt."""

    def __init__(self, peer: Peer) -> None:
        self.peer, self.failed = peer, False

    async def send(self, question: Question) -> dict[str, Any]:
        if not self.failed:
            self.failed = True
            raise NotDelivered("status 503")
        return await self.peer.send(question)


WRONG: dict[str, list[Any]] = {
    "teachers": [None, {}, {"teacher": {}}, {"teacher": []}, {"teacher": "x"}],
    "groups": [None, {}, {"group": {"status": "ACTIVE"}}, {"group": {"members": None}}],
    "students": [None, {}, {"students": None}, {"students": {"nodes": [{"telegramId": "x"}]}}],
}


@pytest_asyncio.fixture(loop_scope="module")
async def planned(mesh: Mesh) -> tuple[Member, dict[str, Any]]:
    """A teacher, and the input of a lesson that would be made."""
    tess, stan = await teacher(mesh), await student(mesh)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    return tess, lesson_of("one", in_days(2), stan, groupId=group)


async def failed(who: Member, given: dict[str, Any]) -> list[tuple[str, str]]:
    payload = await who.person.try_to("createLesson", WHY, **given)
    return [(each["code"], each["service"]) for each in payload["errors"]]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_dead_service_is_named_and_nothing_is_made(
    mesh: Mesh, service: str, planned: tuple[Member, dict[str, Any]]
) -> None:
    tess, given = planned
    right, dead = mesh.peers[service], Dead()
    mesh.peers[service] = dead
    assert await failed(tess, given) == [("PEER_AWAY", service)]
    assert dead.asked == 3, "a question is asked again"
    assert await mesh.run("calendar", "SELECT count(*) FROM lessons") == [(0,)]
    mesh.peers[service] = right
    await tess.person.act("createLesson", LESSON, **given)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_slow_service_is_not_waited_for(
    mesh: Mesh, service: str, planned: tuple[Member, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tess, given = planned
    deadlines: dict[asyncio.Task[Any] | None, asyncio.Timeout] = {}
    timeout = asyncio.timeout

    def noted(seconds: float | None) -> asyncio.Timeout:
        deadlines[asyncio.current_task()] = made = timeout(seconds)
        return made

    mesh.peers[service] = Slow(deadlines)
    monkeypatch.setattr(asyncio, "timeout", noted)
    assert await failed(tess, given) == [("PEER_AWAY", service)]


@pytest.mark.parametrize(("service", "answer"), [(name, each) for name in SERVICES for each in WRONG[name]])
async def test_a_service_that_answers_with_something_else_is_named(
    mesh: Mesh, service: str, answer: Any, planned: tuple[Member, dict[str, Any]]
) -> None:
    tess, given = planned
    mesh.peers[service] = Wrong(answer)
    assert await failed(tess, given) == [("PEER_WRONG", service)]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_that_nobody_configured_is_named(
    mesh: Mesh, service: str, planned: tuple[Member, dict[str, Any]]
) -> None:
    tess, given = planned
    del mesh.peers[service]
    assert await failed(tess, given) == [("PEER_AWAY", service)]


@pytest.mark.parametrize(("service", "field"), [("teachers", "teacher"), ("groups", "group")])
async def test_nothing_with_an_error_beside_it_is_not_taken_for_nobody(
    mesh: Mesh, service: str, field: str, planned: tuple[Member, dict[str, Any]]
) -> None:
    tess, given = planned
    mesh.peers[service] = Partly({field: None})
    assert await failed(tess, given) == [("PEER_AWAY", service)]


async def test_a_question_that_did_not_arrive_is_asked_again_and_each_is_logged(
    mesh: Mesh, planned: tuple[Member, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    tess, given = planned
    for service in SERVICES:
        mesh.peers[service] = Flaky(mesh.peers[service])
    with caplog.at_level(logging.INFO, logger="plait.peers"):
        await tess.person.act("createLesson", LESSON, **given)
    asked = [record.getMessage().split(":")[0] for record in caplog.records]
    assert sorted(asked) == [f"calendar asked {service}" for service in sorted(SERVICES)]


async def test_a_request_that_was_done_is_answered_with_every_service_dead(
    mesh: Mesh, planned: tuple[Member, dict[str, Any]]
) -> None:
    tess, given = planned
    made = await tess.person.act("createLesson", LESSON, **given)
    mesh.peers.clear()
    assert await tess.person.act("createLesson", LESSON, **given) == made


async def test_what_the_school_does_not_know_is_said_where_it_is(
    mesh: Mesh, planned: tuple[Member, dict[str, Any]]
) -> None:
    tess, given = planned
    tom, sue, admin = (
        await teacher(mesh, "tom", 102),
        await student(mesh, "sue", 202),
        await administrator(mesh),
    )
    theirs = await make_group(tom)
    nobody = "00000000-0000-4000-8000-000000000000"
    create = tess.person.refused
    assert await create("createLesson", **given | {"groupId": nobody}) == [("NOT_FOUND", "groupId")]
    assert await create("createLesson", **given | {"groupId": theirs}) == [("NOT_FOUND", "groupId")]
    strangers = given | {"studentTelegramIds": [sue.number, "999"]}
    assert await create("createLesson", **strangers) == [
        ("NOT_FOUND", "studentTelegramIds.0"),
        ("NOT_FOUND", "studentTelegramIds.1"),
    ]
    other = given | {"groupId": theirs, "teacherTelegramId": tess.number}
    assert await admin.person.refused("createLesson", **other) == [("INVALID_INPUT", "groupId")]
    unknown = given | {"teacherTelegramId": "999"}
    assert await admin.person.refused("createLesson", **unknown) == [("NOT_FOUND", "teacherTelegramId")]
    await tess.person.act("archiveGroup", "group { id }", groupId=given["groupId"])
    assert await create("createLesson", **given) == [("INVALID_INPUT", "groupId")]
