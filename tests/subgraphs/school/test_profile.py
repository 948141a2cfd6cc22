"""The profile of seed 003 as one operation: what it answers, what it asks of whom, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from router import Router
from router.planner import QueryPlanner
from subgraphs.registry import DOMAINS
from tests.subgraphs.mesh import SUPERGRAPH, Mesh
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import in_days, make_lesson
from tests.subgraphs.school.people import Member, student, teacher
from tests.support.postgres import sent_statements

DOCS = Path(__file__).parents[3] / "docs" / "domains" / "school.md"
PROFILE = """query Profile($telegramId: ID!, $from: DateTime) {
    user(telegramId: $telegramId) { username displayName unreadNotificationCount }
    teacher(telegramId: $telegramId) {
        displayName languages { language level }
        groups(first: 100) { nodes { name members { edges { joinedAt node { displayName } } } } }
        lessons(startsFrom: $from, first: 100) { nodes { title startsAt group { name } } }
    }
    student(telegramId: $telegramId) {
        displayName languages { language level }
        groups(first: 100) { nodes { name } }
        lessons(startsFrom: $from, first: 100) { nodes { title startsAt group { name } } }
    }
}"""


async def school(mesh: Mesh, groups: int = 2, lessons: int = 2) -> tuple[Member, Member]:
    """A teacher and a student who is in all their groups, each with lessons."""
    tess, stan = await teacher(mesh), await student(mesh)
    for number in range(groups):
        group = await make_group(tess, name=f"Group {number}")
        await join_group(tess, group, stan)
        for at in range(lessons):
            day = 2 + number * lessons + at
            await make_lesson(tess, f"{number} {at}", in_days(day), groupId=group)
    return tess, stan


def fetches(node: Any) -> Iterator[tuple[int, str]]:
    """(stage, service) of every fetch of a plan; those of a Parallel are of one stage."""

    def walk(node: Any, stage: int) -> Iterator[tuple[int, str]]:
        match node["kind"]:
            case "Fetch" | "BatchFetch":
                yield stage, node["serviceName"]
            case "Flatten":
                yield from walk(node["node"], stage)
            case "Condition":
                yield from walk(node["ifClause"], stage)
            case "Parallel":
                for each in node["nodes"]:
                    yield from walk(each, stage)
            case "Sequence":
                for each in node["nodes"]:
                    found = list(walk(each, stage))
                    yield from found
                    stage = max(at for at, _ in found) + 1
            case other:
                raise AssertionError(other)

    yield from walk(node, 0)


async def test_a_profile_is_one_operation(mesh: Mesh) -> None:
    tess, stan = await school(mesh, groups=1, lessons=1)
    await mesh.settle()
    seen = await tess.person.ask(PROFILE, telegramId=tess.number)
    lesson = {"title": "English", "startsAt": in_days(2).isoformat().replace("+00:00", "Z")}
    # Stan has joined; what Tess did herself she is not told.
    assert seen["user"] == {"username": "tess", "displayName": "tess", "unreadNotificationCount": 1}
    ((member,),) = [group["members"]["edges"] for group in seen["teacher"]["groups"]["nodes"]]
    assert member["node"] == {"displayName": "stan"}
    assert seen["teacher"]["lessons"]["nodes"] == [{**lesson, "group": {"name": "Group 0"}}]
    assert seen["student"] is None
    own = await stan.person.ask(PROFILE, telegramId=stan.number)
    assert own["teacher"] is None
    assert own["user"]["unreadNotificationCount"] == 1, "a lesson was made for him"
    assert own["student"]["groups"]["nodes"] == [{"name": "Group 0"}]
    assert own["student"]["lessons"]["nodes"] == [{**lesson, "group": {"name": "Group 0"}}]


def test_a_profiles_plan_has_two_stages_after_the_first() -> None:
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(PROFILE)
    stages: dict[int, list[str]] = {}
    for stage, service in fetches(plan.to_json()["node"]):
        stages.setdefault(stage, []).append(service)
    assert sorted(stages[0]) == ["students", "teachers", "users"]
    assert set(stages[1]) == {"groups", "calendar", "notifications"}
    assert set(stages[2]) <= {"students", "groups"}
    assert set(stages) == {0, 1, 2}
    assert all(len(services) == len(set(services)) for services in stages.values()), "one fetch of each"


def test_the_profile_and_its_plan_are_in_the_docs() -> None:
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(PROFILE)
    written = DOCS.read_text(encoding="utf-8")
    assert PROFILE in written
    services = [service for _, service in fetches(plan.to_json()["node"])]
    assert f"{len(services)} fetches" in written


async def test_a_profile_of_twenty_groups_and_a_hundred_lessons_costs_what_a_small_one_does(
    mesh: Mesh,
) -> None:
    tess, _ = await school(mesh, groups=1, lessons=2)
    small = await _statements(mesh, tess)
    for number in range(1, 20):
        group = await make_group(tess, name=f"Group {number}")
        for at in range(5):
            stan = {"studentTelegramIds": ["201"], "groupId": group}
            await make_lesson(tess, f"{number} {at}", in_days(5 + number * 5 + at), **stan)
    answer = await tess.person.ask(PROFILE, telegramId=tess.number)
    assert len(answer["teacher"]["groups"]["nodes"]) == 20
    assert len(answer["teacher"]["lessons"]["nodes"]) == 97
    assert await _statements(mesh, tess) == small


async def _statements(mesh: Mesh, who: Member) -> dict[str, int]:
    """How many each service sends for a profile."""
    counts: dict[str, int] = {}
    for domain in ("users", "teachers", "students", "groups", "calendar", "notifications"):
        database = mesh.subgraphs[domain].ready.__self__  # type: ignore[attr-defined]
        with sent_statements(database) as sent:
            await who.person.ask(PROFILE, telegramId=who.number)
        counts[domain] = len(sent)
    return counts


class Away:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise ConnectionError("nobody is there")


LEFT = {
    "users": {"teacher", "student"},
    "teachers": {"user", "student"},
    "students": {"user", "teacher"},
    "groups": {"user", "teacher"},
    "calendar": {"user", "teacher"},
    "notifications": {"user", "teacher"},
}


@pytest.mark.parametrize("away", list(LEFT))
async def test_a_service_that_is_away_leaves_the_rest_of_a_profile(mesh: Mesh, away: str) -> None:
    tess, _ = await school(mesh, groups=1, lessons=1)
    whole = await tess.person.ask(PROFILE, telegramId=tess.number)
    subgraphs: dict[str, Any] = {name: mesh.subgraphs[name] for name in DOMAINS} | {away: Away()}
    async with Router(SUPERGRAPH.read_text(encoding="utf-8"), subgraphs=subgraphs) as router:
        there = replace(mesh, router=router)
        operation = {"query": PROFILE, "variables": {"telegramId": tess.number}}
        answer = await there.router.execute(operation, headers=dict(tess.headers))
    assert answer["errors"]
    data = answer["data"]
    for field in ("user", "teacher"):
        assert (data[field] is not None) == (field in LEFT[away] and whole[field] is not None)
    teacher_ = data["teacher"] or {}
    if away == "notifications":
        assert data["user"] == {"username": "tess", "displayName": "tess", "unreadNotificationCount": None}
    if away == "groups":
        assert teacher_["groups"] is None
        assert [each["title"] for each in teacher_["lessons"]["nodes"]] == ["English"]
        assert teacher_["lessons"]["nodes"][0]["group"] is None
    if away == "calendar":
        assert teacher_["lessons"] is None
        assert [each["name"] for each in teacher_["groups"]["nodes"]] == ["Group 0"]
    if away == "students":
        assert teacher_["groups"]["nodes"][0]["members"]["edges"][0]["node"] is None
