"""Teachers: who becomes one, what they say, who reads and changes it."""

from __future__ import annotations

from typing import Any

from subgraphs.kit.peers import NotDelivered, Question
from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.people import administrator, join, student, teacher

LANGUAGES = "teacher { languages { language level hourlyRate { amountMinor currency formatted } } }"
BY_NUMBER = "query($n: ID!) { teacher(telegramId: $n) { displayName user { username } } }"
PHONE = "query($id: ID!) { teacher(id: $id) { phone } }"


async def test_who_has_the_role_becomes_a_teacher_by_their_number_on_telegram(mesh: Mesh) -> None:
    tess = await teacher(mesh, displayName="Tess T")
    found = await tess.person.ask(BY_NUMBER, n=tess.number)
    assert found == {"teacher": {"displayName": "Tess T", "user": {"username": "tess"}}}
    mine = await tess.person.ask("{ me { teacher { id displayName } } }")
    assert mine == {"me": {"teacher": {"id": tess.id, "displayName": "Tess T"}}}


async def test_nobody_else_becomes_a_teacher_or_makes_one(mesh: Mesh) -> None:
    stan, admin = await join(mesh, "stan", 201), await administrator(mesh)
    assert await stan.denied("createTeacher", displayName="Stan") == "FORBIDDEN"
    made = await admin.person.act(
        "createTeacher", "teacher { displayName }", userId=stan.person.id, displayName="Stan"
    )
    assert made["teacher"] == {"displayName": "Stan"}


async def test_a_number_is_one_teachers_and_an_account_without_one_is_none(mesh: Mesh) -> None:
    tess, admin = await teacher(mesh), await administrator(mesh)
    again = await tess.person.refused("createTeacher", displayName="Again")
    assert again == [("CONFLICT", "userId")]
    bare = await mesh.sign_up("bare")
    refused = await admin.person.refused("createTeacher", userId=bare.id, displayName="Bare")
    assert refused == [("INVALID_INPUT", "userId")]
    nobody = "00000000-0000-4000-8000-000000000000"
    refused = await admin.person.refused("createTeacher", userId=nobody, displayName="No")
    assert refused == [("NOT_FOUND", "userId")]


async def test_users_away_or_wrong_is_said_by_name_and_nothing_is_made(mesh: Mesh) -> None:
    tess = await join(mesh, "tess", 101, "ROLE_TEACHER")
    right = mesh.peers["users"]
    answers: dict[str, Any] = {"wrong": {"data": {"user": {"telegramAccount": {"id": "x"}}}}}

    class Broken:
        async def send(self, question: Question) -> dict[str, Any]:
            if not answers:
                raise NotDelivered("nobody is there")
            return dict(answers.popitem()[1])

    mesh.peers["users"] = Broken()
    for expected in ("PEER_WRONG", "PEER_AWAY"):
        payload = await tess.person.try_to(
            "createTeacher", "errors { ... on PeerFailed { service } }", displayName="Tess"
        )
        assert payload["errors"] == [{"service": "users", "code": expected, "path": []}]
    mesh.peers["users"] = right
    assert await mesh.run("teachers", "SELECT count(*) FROM teachers") == [(0,)]


async def test_languages_have_levels_and_rates_and_are_set_once_each(mesh: Mesh) -> None:
    tess = await teacher(mesh)
    given = {"teacherId": tess.id, "language": "DE", "level": "NATIVE"}
    await tess.person.act("setTaughtLanguage", LANGUAGES, **given)
    again = {**given, "hourlyRateMinor": 3500, "currency": "EUR"}
    taught = (await tess.person.act("setTaughtLanguage", LANGUAGES, **again))["teacher"]["languages"]
    rate = {"amountMinor": 3500, "currency": "EUR", "formatted": "35.00 EUR"}
    assert taught == [{"language": "de", "level": "NATIVE", "hourlyRate": rate}]
    listed = "query($l: String) { teachers(filter: {language: $l}) { totalCount nodes { displayName } } }"
    assert (await mesh.ask(listed, l="de"))["teachers"] == {
        "totalCount": 1,
        "nodes": [{"displayName": "tess"}],
    }
    assert (await mesh.ask(listed, l="fr"))["teachers"]["totalCount"] == 0
    removed = await tess.person.act("removeTaughtLanguage", LANGUAGES, teacherId=tess.id, language="de")
    assert removed["teacher"]["languages"] == []
    wrong = await tess.person.refused("setTaughtLanguage", **given | {"language": "german", "currency": "€"})
    assert sorted(wrong) == [("INVALID_INPUT", "currency"), ("INVALID_INPUT", "language")]


async def test_a_teacher_changes_themselves_and_an_inactive_one_is_hidden(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh), await student(mesh)
    changed = await tess.person.act("updateTeacher", "teacher { bio }", teacherId=tess.id, bio="Patient.")
    assert changed["teacher"] == {"bio": "Patient."}
    assert await stan.denied("updateTeacher", teacherId=tess.id, bio="x") == "FORBIDDEN"
    await tess.person.act("updateTeacher", "", teacherId=tess.id, isActive=False)
    by_id = f'{{ teacher(id: "{tess.id}") {{ isActive }} }}'
    assert await stan.person.ask(by_id) == {"teacher": None}
    assert await tess.person.ask(by_id) == {"teacher": {"isActive": False}}


async def test_a_phone_number_is_kept_encrypted_and_each_reading_of_anothers_is_noted(mesh: Mesh) -> None:
    tess, stan = await teacher(mesh, phone="+4930123456"), await student(mesh)
    admin = await administrator(mesh)
    ((stored,),) = await mesh.run("teachers", "SELECT phone FROM teachers")
    assert b"4930123456" not in bytes(stored)
    assert await stan.person.ask(PHONE, id=tess.id) == {"teacher": {"phone": None}}
    assert await tess.person.ask(PHONE, id=tess.id) == {"teacher": {"phone": "+4930123456"}}
    read = "SELECT actor, entity_id FROM audit WHERE action = 'read'"
    assert await mesh.run("teachers", read) == []
    assert await admin.person.ask(PHONE, id=tess.id) == {"teacher": {"phone": "+4930123456"}}
    assert await mesh.run("teachers", read) == [(admin.person.id, tess.id)]
    told = await mesh.run("teachers", "SELECT changes::text FROM audit")
    assert not any("4930" in changes for (changes,) in told)


async def test_a_number_of_telegram_finds_a_teacher_for_themselves_and_administrators(mesh: Mesh) -> None:
    tess, stan, admin = await teacher(mesh), await student(mesh), await administrator(mesh)
    assert (await mesh.ask(BY_NUMBER, n=tess.number)) == {"teacher": None}
    assert (await stan.person.ask(BY_NUMBER, n=tess.number)) == {"teacher": None}
    assert (await admin.person.ask(BY_NUMBER, n=tess.number))["teacher"]["displayName"] == "tess"


async def test_a_teacher_whose_account_is_gone_teaches_no_longer(mesh: Mesh) -> None:
    tess = await teacher(mesh)
    await tess.person.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    assert await mesh.run("teachers", "SELECT count(*) FROM teachers") == [(0,)]
    assert await mesh.run("students", "SELECT count(*) FROM known_teachers") == [(0,)]
