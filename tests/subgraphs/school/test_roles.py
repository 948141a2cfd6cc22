"""Who × what, in the school: each cell of the matrix in docs/domains/school.md."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from tests.subgraphs.mesh import Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import in_days, make_lesson
from tests.subgraphs.school.people import Member, administrator, student, teacher

DOCS = Path(__file__).parents[3] / "docs" / "domains" / "school.md"
NOBODY = "nobody"
YES, NOTHING, FORBIDDEN, LOGIN = "yes", "–", "FORBIDDEN", "UNAUTHENTICATED"
TOO_LATE = "TOO_LATE"
WHO = ("anyone", "another student", "another teacher", "the student", "their teacher", "administrator")


class School(NamedTuple):
    mesh: Mesh
    people: dict[str, Member | None]
    teacher: Member
    student: Member
    group: str
    lesson: str


@pytest_asyncio.fixture(loop_scope="module")
async def school(mesh: Mesh) -> School:
    tess, tom = await teacher(mesh, known=False), await teacher(mesh, "tom", 102, known=False)
    stan = await student(mesh, phone="+4930123456", known=False)
    sue, sam = [await student(mesh, name, 200 + n, known=False) for n, name in ((2, "sue"), (3, "sam"))]
    admin = await administrator(mesh)
    await mesh.settle()
    group = await make_group(tess)
    await join_group(tess, group, stan, sam)
    lesson = await make_lesson(tess, "one", in_days(2), groupId=group)
    people = dict(zip(WHO, (None, sue, tom, stan, tess, admin), strict=True))
    return School(mesh, people, tess, stan, group, str(lesson["id"]))


async def ask(school: School, who: Member | None, query: str, **variables: Any) -> Any:
    headers = {} if who is None else dict(who.headers)
    operation = {"query": query, "variables": variables}
    answer = await school.mesh.router.execute(operation, headers=headers)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


async def sees(school: School, who: Member | None, query: str, **variables: Any) -> str:
    (found,) = (await ask(school, who, query, **variables)).values()
    return NOTHING if found is None else YES


async def does(school: School, who: Member | None, mutation: str, **given: Any) -> str:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
    operation = {"query": query, "variables": {"input": given}}
    answer = await school.mesh.router.execute(operation, headers={} if who is None else dict(who.headers))
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    codes = [error["code"] for error in answer["data"][mutation]["errors"]]
    return YES if not codes else NOTHING if codes == ["NOT_FOUND"] else str(codes[0])


async def see_teacher(s: School, who: Member | None) -> str:
    return await sees(s, who, "query($id: ID!) { teacher(id: $id) { id } }", id=s.teacher.id)


async def find_teacher(s: School, who: Member | None) -> str:
    return await sees(s, who, "query($n: ID!) { teacher(telegramId: $n) { id } }", n=s.teacher.number)


async def see_student(s: School, who: Member | None) -> str:
    return await sees(s, who, "query($n: ID!) { student(telegramId: $n) { id } }", n=s.student.number)


async def see_phone(s: School, who: Member | None) -> str:
    query = "query($n: ID!) { student(telegramId: $n) { phone } }"
    found = (await ask(s, who, query, n=s.student.number))["student"]
    noted = await s.mesh.run("students", "SELECT count(*) FROM audit WHERE action = 'read'")
    shown = NOTHING if found is None or found["phone"] is None else YES
    return f"{shown}, noted" if noted != [(0,)] else shown


async def change_student(s: School, who: Member | None) -> str:
    return await does(s, who, "updateStudent", studentId=s.student.id, displayName="x")


async def note_progress(s: School, who: Member | None) -> str:
    given = {"studentId": s.student.id, "language": "en", "level": "A2"}
    return await does(s, who, "noteStudentProgress", **given)


async def see_group(s: School, who: Member | None) -> str:
    return await sees(s, who, "query($id: ID!) { group(id: $id) { id } }", id=s.group)


async def see_members(s: School, who: Member | None) -> str:
    query = "query($id: ID!) { group(id: $id) { members { edges { studentTelegramId } } } }"
    found = (await ask(s, who, query, id=s.group))["group"]
    if found is None:
        return NOTHING
    numbers = [edge["studentTelegramId"] for edge in found["members"]["edges"]]
    return YES if numbers == ["201", "203"] else "themselves" if numbers == ["201"] else str(numbers)


async def change_group(s: School, who: Member | None) -> str:
    return await does(s, who, "updateGroup", groupId=s.group, name="x")


async def add_to_group(s: School, who: Member | None) -> str:
    return await does(s, who, "addGroupMember", groupId=s.group, studentTelegramId="202")


async def see_lesson(s: School, who: Member | None) -> str:
    return await sees(s, who, "query($id: ID!) { lesson(id: $id) { id } }", id=s.lesson)


async def move_lesson(s: School, who: Member | None) -> str:
    return await does(s, who, "rescheduleLesson", lessonId=s.lesson, startsAt=in_days(9).isoformat())


async def cancel_lesson(s: School, who: Member | None) -> str:
    """One that the student is alone in, and another that starts too soon for them."""
    alone = await make_lesson(s.teacher, "alone", in_days(5), s.student)
    await s.mesh.run("calendar", "DELETE FROM lesson_series WHERE client_key = 'soon'")
    soon = await make_lesson(s.teacher, "soon", in_days(1, 0), s.student)
    done = [await does(s, who, "cancelLesson", lessonId=each["id"]) for each in (alone, soon)]
    if done == [YES, TOO_LATE]:
        return "alone in it, a day before"
    return done[0] if done[0] == done[1] else str(done)


async def note_attendance(s: School, who: Member | None) -> str:
    await s.mesh.run("calendar", "UPDATE lessons SET starts_at = now() - interval '1 minute'")
    given = {"lessonId": s.lesson, "studentTelegramId": s.student.number, "status": "PRESENT"}
    return await does(s, who, "noteLessonAttendance", **given)


TRIED: dict[str, Callable[[School, Member | None], Awaitable[str]]] = {
    "see a teacher": see_teacher,
    "find a teacher by number": find_teacher,
    "see a student": see_student,
    "see a student's phone": see_phone,
    "change a student": change_student,
    "note a student's progress": note_progress,
    "see a group": see_group,
    "see all who are in a group": see_members,
    "change a group": change_group,
    "add to a group": add_to_group,
    "see a lesson": see_lesson,
    "move a lesson": move_lesson,
    "cancel a lesson": cancel_lesson,
    "note who came": note_attendance,
}


def matrix() -> dict[str, dict[str, str]]:
    """What the page says: operation → who → what comes of it."""
    lines = DOCS.read_text(encoding="utf-8").partition("<!-- matrix -->\n")[2].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head, _, *body = rows[: len(TRIED) + 2]
    assert tuple(head[1:]) == WHO
    return {row[0]: dict(zip(WHO, row[1:], strict=True)) for row in body}


def test_the_matrix_has_every_operation() -> None:
    assert set(matrix()) == set(TRIED)


@pytest.mark.parametrize("operation", list(TRIED))
async def test_everybody_may_what_the_matrix_says(school: School, operation: str) -> None:
    said, found = matrix()[operation], {}
    for name in WHO:
        found[name] = await TRIED[operation](school, school.people[name])
        if found[name] == LOGIN:
            found[name] = NOTHING
    assert {name: _plain(operation, cell) for name, cell in said.items()} == found


def _plain(operation: str, cell: str) -> str:
    """A teacher who finds themselves by number finds a teacher."""
    return YES if operation == "find a teacher by number" and cell == "themselves" else cell
