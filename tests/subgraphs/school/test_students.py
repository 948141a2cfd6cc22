"""Students: seen by themselves, their teachers and administrators, and by nobody else."""

from __future__ import annotations

from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.people import Member, administrator, student, teacher

SEEN = "query($n: ID!) { student(telegramId: $n) { displayName phone } }"
LISTED = "query($f: StudentFilter) { students(filter: $f) { totalCount nodes { displayName } } }"
ENROL = """INSERT INTO group_enrollments VALUES (gen_random_uuid(), :student, :teacher, now())"""


async def enrol(mesh: Mesh, pupil: Member, by: Member) -> None:
    """As the message of a group would."""
    await mesh.run("students", ENROL, student=int(pupil.number), teacher=int(by.number))


async def test_a_student_is_seen_by_themselves_their_teachers_and_administrators_alone(mesh: Mesh) -> None:
    stan = await student(mesh, phone="+4930123456")
    sue, tess = await student(mesh, "sue", 202), await teacher(mesh)
    tom, admin = await teacher(mesh, "tom", 102), await administrator(mesh)
    await enrol(mesh, stan, tess)
    whole = {"student": {"displayName": "stan", "phone": "+4930123456"}}
    seen = {each.number: await each.person.ask(SEEN, n=stan.number) for each in (stan, sue, tess, tom, admin)}
    nothing = {"student": None}
    assert seen == {"201": whole, "202": nothing, "101": whole, "102": nothing, "900": whole}
    assert await mesh.ask(SEEN, n=stan.number) == nothing
    noted = await mesh.run("students", "SELECT actor FROM audit WHERE action = 'read' ORDER BY id")
    assert noted == [(tess.person.id,), (admin.person.id,)]
    ((stored,),) = await mesh.run("students", "SELECT phone FROM students WHERE telegram_id = 201")
    assert b"4930123456" not in bytes(stored)


async def test_a_list_of_students_has_those_whom_the_reader_may_see(mesh: Mesh) -> None:
    stan, sue, tess = await student(mesh), await student(mesh, "sue", 202), await teacher(mesh)
    admin = await administrator(mesh)
    await enrol(mesh, stan, tess)
    assert (await tess.person.ask(LISTED))["students"]["nodes"] == [{"displayName": "stan"}]
    assert (await sue.person.ask(LISTED))["students"]["nodes"] == [{"displayName": "sue"}]
    assert (await admin.person.ask(LISTED))["students"]["totalCount"] == 2
    one = {"telegramIds": [sue.number, "999"]}
    assert (await admin.person.ask(LISTED, f=one))["students"]["nodes"] == [{"displayName": "sue"}]
    assert (await tess.person.ask(LISTED, f=one))["students"]["totalCount"] == 0


async def test_languages_and_goals_are_the_students_own(mesh: Mesh) -> None:
    stan, tess = await student(mesh), await teacher(mesh)
    await enrol(mesh, stan, tess)
    given = {"studentId": stan.id, "language": "en", "level": "A2", "targetLevel": "B1"}
    answer = "student { languages { language level targetLevel } }"
    learned = (await stan.person.act("setLearnedLanguage", answer, **given))["student"]["languages"]
    assert learned == [{"language": "en", "level": "A2", "targetLevel": "B1"}]
    goal = "student { goals { id title dueOn reachedAt } }"
    due = {"studentId": stan.id, "title": " Order  coffee ", "dueOn": "2031-01-31"}
    (set_goal,) = (await stan.person.act("addStudentGoal", goal, **due))["student"]["goals"]
    assert (set_goal["title"], set_goal["dueOn"], set_goal["reachedAt"]) == (
        "Order coffee",
        "2031-01-31",
        None,
    )
    reached = [
        (await stan.person.act("reachStudentGoal", goal, goalId=set_goal["id"]))["student"]["goals"][0]
        for _ in range(2)
    ]
    assert reached[0]["reachedAt"] is not None
    assert reached[0] == reached[1]
    assert await tess.person.refused("reachStudentGoal", goalId=set_goal["id"]) == [("NOT_FOUND", "goalId")]
    removed = await stan.person.act("removeLearnedLanguage", answer, studentId=stan.id, language="en")
    assert removed["student"]["languages"] == []


async def test_progress_is_noted_by_a_teacher_of_theirs(mesh: Mesh) -> None:
    stan, tess = await student(mesh), await teacher(mesh)
    noted = {"studentId": stan.id, "language": "en", "level": "B1", "note": "Tells stories."}
    assert await tess.person.refused("noteStudentProgress", **noted) == [("NOT_FOUND", "studentId")]
    await enrol(mesh, stan, tess)
    answer = "student { progress { totalCount nodes { language level note } } }"
    progress = (await tess.person.act("noteStudentProgress", answer, **noted))["student"]["progress"]
    assert progress == {
        "totalCount": 1,
        "nodes": [{"language": "en", "level": "B1", "note": "Tells stories."}],
    }
    assert await stan.denied("noteStudentProgress", **noted) == "FORBIDDEN"


async def test_a_student_whose_account_is_gone_leaves_nothing(mesh: Mesh) -> None:
    stan, tess = await student(mesh), await teacher(mesh)
    await enrol(mesh, stan, tess)
    await stan.person.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    left = "SELECT (SELECT count(*) FROM students), (SELECT count(*) FROM group_enrollments)"
    assert await mesh.run("students", left) == [(0, 0)]
