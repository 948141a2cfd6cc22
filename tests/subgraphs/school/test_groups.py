"""Groups: who makes, sees and joins them, and how students hears of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import invite, join_group, make_group
from tests.subgraphs.school.people import administrator, join, student, teacher

SEEN = "query($id: ID!) { group(id: $id) { name } }"
MEMBERS = """query($id: ID!) { group(id: $id) { memberCount members { totalCount
    edges { studentTelegramId node { displayName } } } } }"""
TAUGHT = """query($n: ID!) { teacher(telegramId: $n) { groups { totalCount nodes { name
    members { edges { studentTelegramId } } } } } }"""
MEMBERSHIPS = (
    "query($n: ID!) { student(telegramId: $n) { groups { totalCount edges { joinedAt node { name } } } } }"
)
IN = "SELECT count(*) FROM group_members"
PLACES = "SELECT student_telegram_id, teacher_telegram_id FROM group_enrollments ORDER BY 1"


async def test_a_teacher_makes_groups_and_administrators_for_a_teacher(mesh: Mesh) -> None:
    tess, stan, admin = await teacher(mesh), await student(mesh), await administrator(mesh)
    await make_group(tess, name=" English  A2 ")
    await make_group(admin, name="English B1", teacherTelegramId=tess.number)
    assert (await tess.person.ask(TAUGHT, n=tess.number))["teacher"]["groups"] == {
        "totalCount": 2,
        "nodes": [
            {"name": "English A2", "members": {"edges": []}},
            {"name": "English B1", "members": {"edges": []}},
        ],
    }
    mine = {"name": "Mine", "language": "en", "level": "A1"}
    assert await stan.denied("createGroup", **mine) == "FORBIDDEN"
    assert await tess.denied("createGroup", **mine, teacherTelegramId="999") == "FORBIDDEN"
    nobody = await admin.person.refused("createGroup", **mine, teacherTelegramId="999")
    assert nobody == [("NOT_FOUND", "teacherTelegramId")]


async def test_a_group_is_seen_by_its_teacher_its_members_and_administrators(mesh: Mesh) -> None:
    tess, tom = await teacher(mesh), await teacher(mesh, "tom", 102)
    stan, sue, admin = await student(mesh), await student(mesh, "sue", 202), await administrator(mesh)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    everybody = (tess, tom, stan, sue, admin)
    seen = [(await each.person.ask(SEEN, id=group))["group"] is not None for each in everybody]
    assert seen == [True, False, True, False, True]
    assert await mesh.ask(SEEN, id=group) == {"group": None}
    counts = [
        (await each.person.ask("{ groups { totalCount } }"))["groups"]["totalCount"] for each in everybody
    ]
    assert counts == [1, 0, 1, 0, 1]


async def test_a_student_sees_themselves_in_a_group_and_its_teacher_everybody(mesh: Mesh) -> None:
    tess, stan, sue = await teacher(mesh), await student(mesh), await student(mesh, "sue", 202)
    group = await make_group(tess)
    await join_group(tess, group, stan, sue)
    for each, numbers in ((tess, ["201", "202"]), (stan, ["201"])):
        found = (await each.person.ask(MEMBERS, id=group))["group"]
        assert [edge["studentTelegramId"] for edge in found["members"]["edges"]] == numbers
        assert found["memberCount"] == 2
    names = [
        edge["node"]["displayName"]
        for edge in (await tess.person.ask(MEMBERS, id=group))["group"]["members"]["edges"]
    ]
    assert names == ["stan", "sue"]
    own = (await stan.person.ask(MEMBERSHIPS, n=stan.number))["student"]["groups"]
    assert (own["totalCount"], own["edges"][0]["node"]) == (1, {"name": "English A2"})


async def test_students_hears_who_joined_and_who_left(mesh: Mesh) -> None:
    tess, stan, sue = await teacher(mesh), await student(mesh), await student(mesh, "sue", 202)
    group = await make_group(tess)
    await join_group(tess, group, stan, sue)
    assert await mesh.run("students", PLACES) == [(201, 101), (202, 101)]
    enrollments = "{ me { student { enrollments { group { name } } } } }"
    assert (await stan.person.ask(enrollments))["me"]["student"]["enrollments"] == [
        {"group": {"name": "English A2"}}
    ]
    await stan.person.act("leaveGroup", "leftGroupId", groupId=group)
    given = {"groupId": group, "studentTelegramId": sue.number}
    for _ in range(2):
        await tess.person.act("removeGroupMember", "group { id }", **given)
    await mesh.settle()
    assert await mesh.run("students", PLACES) == []
    assert await stan.person.refused("leaveGroup", groupId=group) == [("NOT_FOUND", "groupId")]


async def test_an_invitation_is_good_for_its_time_and_its_uses_until_it_is_taken_back(mesh: Mesh) -> None:
    tess, stan, sue = await teacher(mesh), await student(mesh), await student(mesh, "sue", 202)
    group = await make_group(tess)

    async def state_of(code: str) -> Any:
        query = "errors { code path ... on InvitationUnusable { state } }"
        return (await sue.person.try_to("joinGroup", query, code=code))["errors"]

    once = (await invite(tess, group, uses=1))["code"]
    for _ in range(2):
        await stan.person.act("joinGroup", "group { id }", code=once)
    unusable = {"code": "INVITATION_UNUSABLE", "path": ["code"]}
    assert await state_of(once) == [{**unusable, "state": "USED_UP"}]
    late = await invite(tess, group)
    await mesh.run("groups", "UPDATE group_invitations SET expires_at = now() WHERE uses = 0")
    assert await state_of(late["code"]) == [{**unusable, "state": "EXPIRED"}]
    back = await invite(tess, group)
    for _ in range(2):
        revoked = await tess.person.act(
            "revokeGroupInvitation", "invitation { state }", invitationId=back["invitation"]["id"]
        )
        assert revoked["invitation"] == {"state": "REVOKED"}
    assert await state_of(back["code"]) == [{**unusable, "state": "REVOKED"}]
    assert await sue.person.refused("joinGroup", code="nonsense") == [("NOT_FOUND", "code")]
    shown = "query($id: ID!) { group(id: $id) { invitations { totalCount nodes { state uses } } } }"
    listed = (await tess.person.ask(shown, id=group))["group"]["invitations"]
    assert [each["state"] for each in listed["nodes"]] == ["REVOKED", "EXPIRED", "USED_UP"]
    assert (await stan.person.ask(shown, id=group))["group"]["invitations"] is None
    codes = await mesh.run("groups", "SELECT code_hash FROM group_invitations")
    assert once not in {code for (code,) in codes}


async def test_of_students_who_join_at_once_as_many_come_in_as_there_are_places_and_uses(mesh: Mesh) -> None:
    tess = await teacher(mesh)
    everybody = [await student(mesh, f"pupil{number}", 300 + number) for number in range(6)]
    group = await make_group(tess, maxMembers=3)
    code = (await invite(tess, group, uses=10))["code"]
    answers = await asyncio.gather(*(each.person.try_to("joinGroup", code=code) for each in everybody))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 0, 0, 1, 1, 1]
    assert {error["code"] for answer in answers for error in answer["errors"]} == {"GROUP_FULL"}
    assert await mesh.run("groups", IN) == [(3,)]
    assert await mesh.run("groups", "SELECT uses FROM group_invitations") == [(3,)]
    second = await make_group(tess)
    few = (await invite(tess, second, uses=2))["code"]
    answers = await asyncio.gather(*(each.person.try_to("joinGroup", code=few) for each in everybody))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 0, 1, 1, 1, 1]


async def test_only_students_join_and_only_administrators_add(mesh: Mesh) -> None:
    tess, stan, admin = await teacher(mesh), await student(mesh), await administrator(mesh)
    group = await make_group(tess)
    code = (await invite(tess, group))["code"]
    nobody = await join(mesh, "nobody", 999)
    assert await nobody.denied("joinGroup", code=code) == "FORBIDDEN"
    given = {"groupId": group, "studentTelegramId": stan.number}
    assert await tess.denied("addGroupMember", **given) == "FORBIDDEN"
    for _ in range(2):
        added = await admin.person.act("addGroupMember", "group { memberCount }", **given)
        assert added["group"] == {"memberCount": 1}
    unknown = {**given, "studentTelegramId": "999"}
    assert await admin.person.refused("addGroupMember", **unknown) == [("NOT_FOUND", "studentTelegramId")]


async def test_a_group_changes_by_its_teacher_while_it_goes_on(mesh: Mesh) -> None:
    tess, tom, stan = await teacher(mesh), await teacher(mesh, "tom", 102), await student(mesh)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    changed = await tess.person.act("updateGroup", "group { name maxMembers }", groupId=group, name="B1")
    assert changed["group"] == {"name": "B1", "maxMembers": 20}
    assert await tess.person.refused("updateGroup", groupId=group, maxMembers=0) == [
        ("INVALID_INPUT", "maxMembers")
    ]
    assert await tom.person.refused("updateGroup", groupId=group, name="x") == [("NOT_FOUND", "groupId")]
    assert await stan.denied("updateGroup", groupId=group, name="x") == "FORBIDDEN"
    for _ in range(2):
        archived = await tess.person.act("archiveGroup", "group { status }", groupId=group)
        assert archived["group"] == {"status": "ARCHIVED"}
    assert await tess.person.refused("updateGroup", groupId=group, name="x") == [
        ("GROUP_ARCHIVED", "groupId")
    ]


async def test_fewer_members_than_there_are_is_refused(mesh: Mesh) -> None:
    tess, stan, sue = await teacher(mesh), await student(mesh), await student(mesh, "sue", 202)
    group = await make_group(tess)
    await join_group(tess, group, stan, sue)
    assert await tess.person.refused("updateGroup", groupId=group, maxMembers=1) == [
        ("INVALID_INPUT", "maxMembers")
    ]


async def test_progress_of_a_group_is_noted_by_its_teacher(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    given = {"groupId": group, "topic": "Past tense", "percent": 60}
    answer = "group { progress { totalCount nodes { topic percent } } }"
    noted = (await tess.person.act("noteGroupProgress", answer, **given))["group"]["progress"]
    assert noted == {"totalCount": 1, "nodes": [{"topic": "Past tense", "percent": 60}]}
    assert await stan.denied("noteGroupProgress", **given) == "FORBIDDEN"
    assert await tess.person.refused("noteGroupProgress", **given | {"percent": 101}) == [
        ("INVALID_INPUT", "percent")
    ]


@pytest.mark.parametrize(("who", "left"), [("teacher", [("ARCHIVED", 1)]), ("student", [("ACTIVE", 0)])])
async def test_of_who_is_gone_a_teachers_groups_are_archived_and_a_student_is_in_none(
    mesh: Mesh, who: str, left: list[tuple[str, int]]
) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    group = await make_group(tess)
    await join_group(tess, group, stan)
    gone = {"teacher": tess, "student": stan}[who]
    await gone.person.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    kept = "SELECT status, (SELECT count(*) FROM group_members) FROM groups"
    assert await mesh.run("groups", kept) == left
