"""What people report to moderators, and the queue of what is to be decided. The tables are
`db.migrations.reporting`, one pair in the schema of each domain that has something to report.

    reports = Reports(database)
    await reports.add(Report(post_id, viewer.id, ReportReason.SPAM, "…"))      somebody reports, each once
    page = await reports.list_open(request)                                    the queue, the longest open
    first await close(session, post_id, "HIDDEN")                                    with what was decided

Who reported is told to nobody: not to who wrote it, not to moderators, not in the audit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Uuid,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ColumnElement

from db.arrays import among
from db.pages import PARENT, page, pages_of_parents
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.enums import known_or
from subgraphs.kit.errors import Forbidden
from subgraphs.kit.pages import Ordering, Page, PageRequest

MOMENT = DateTime(timezone=True)
OLDEST_CASES = Ordering("reports", (datetime, UUID))
NEWEST_NOTES = Ordering("notes", (datetime, UUID), descending=True)
MOST_NOTES = 5
"""Of one case that moderators are shown: the latest."""
NOTE_CHARACTERS = 1000

cases = Table(
    "report_cases",
    MetaData(),
    Column("subject_id", Uuid, primary_key=True),
    Column("report_count", Integer),
    Column("opened_at", MOMENT),
    Column("closed_at", MOMENT),
    Column("outcome", String),
)
reports = Table(
    "reports",
    MetaData(),
    Column("subject_id", Uuid, primary_key=True),
    Column("reporter_id", Uuid, primary_key=True),
    Column("reason", String),
    Column("note", String),
    Column("created_at", MOMENT),
)


class ReportReason(Enum):
    SPAM = "SPAM"
    HARASSMENT = "HARASSMENT"
    HATE = "HATE"
    VIOLENCE = "VIOLENCE"
    NUDITY = "NUDITY"
    FALSEHOOD = "FALSEHOOD"
    ILLEGAL = "ILLEGAL"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Report:
    subject_id: UUID
    reporter_id: UUID
    reason: ReportReason
    note: str


@dataclass(frozen=True, slots=True)
class Case:
    """What was reported and is not decided. `reasons` counts all reports, `notes` are the latest."""

    subject_id: UUID
    report_count: int
    opened_at: datetime
    reasons: Mapping[ReportReason, int]
    notes: tuple[str, ...]

    @property
    def position(self) -> tuple[object, ...]:
        return (self.opened_at, self.subject_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moderator does about something, and why; `verb` is the audit's."""

    outcome: str
    verb: str
    why: str
    actor: Actor


def require_moderator(viewer: Viewer) -> Viewer:
    """Raises Forbidden."""
    if not viewer.is_moderator:
        raise Forbidden("Only moderators may do this.")
    return viewer


class Reports:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, report: Report) -> None:
        """One person's about one thing counts once, whatever came of it. A new one opens the case again."""
        first = insert(cases).values(subject_id=report.subject_id, report_count=0)
        values = {
            "subject_id": report.subject_id,
            "reporter_id": report.reporter_id,
            "reason": report.reason.value,
            "note": report.note,
        }
        added = insert(reports).values(values).on_conflict_do_nothing().returning(reports.c.subject_id)
        async with self._database.write() as session:
            await session.execute(first.on_conflict_do_nothing())
            if (await session.execute(added)).first() is not None:
                await session.execute(_one_more(report.subject_id))

    async def list_open(self, request: PageRequest) -> Page[Case]:
        async with self._database.read() as session:
            rows = await session.fetch(_open(request))
            ids = [row.subject_id for row in rows]
            reasons, notes = _reasons_of(await session.fetch(_reasons(ids))), defaultdict(list)
            for row in await session.fetch(_notes(ids, PageRequest(NEWEST_NOTES, MOST_NOTES - 1))):
                notes[row._mapping[PARENT]].append(row.note)
        found = [
            Case(
                row.subject_id,
                row.report_count,
                row.opened_at,
                reasons[row.subject_id],
                tuple(notes[row.subject_id]),
            )
            for row in rows
        ]
        return Page.cut(found, request)

    async def count_open(self) -> int:
        async with self._database.read() as session:
            return int(await session.fetch_value(_counted()))

    async def is_open(self, subject_id: UUID) -> bool:
        """Whether something is to be decided about it."""
        async with self._database.read() as session:
            return bool(await session.fetch_value(_waiting(subject_id)))

    async def dismiss(self, entity: str, subject_id: UUID, why: str, actor: Actor) -> None:
        """Nothing is wrong with it. Idempotent."""
        async with self._database.write() as session:
            if await close(session, subject_id, "DISMISSED"):
                await audit.record(session, actor, "dismiss", entity, subject_id, {"why": [None, why]})


async def note(session: WriteSession, decision: Decision, entity: str, subject_id: UUID) -> None:
    """In the audit, and the case is closed."""
    await close(session, subject_id, decision.outcome)
    changes = {"why": [None, decision.why]}
    await audit.record(session, decision.actor, decision.verb, entity, subject_id, changes)


async def close(session: WriteSession, subject_id: UUID, outcome: str) -> bool:
    """Whether there was something to decide."""
    of_it = update(cases).where(cases.c.subject_id == subject_id, cases.c.closed_at.is_(None))
    return (await session.execute(of_it.values(closed_at=func.now(), outcome=outcome))).rowcount > 0


async def forget_reporter(session: WriteSession, user: UUID) -> None:
    """What they reported stays reported, by nobody."""
    await session.execute(delete(reports).where(reports.c.reporter_id == user))


async def forget_subjects(session: WriteSession, subjects: Sequence[UUID]) -> None:
    """What is not there any more, where the tables do not know it."""
    await session.execute(delete(cases).where(among(cases.c.subject_id, subjects)))


def reports_by(user: UUID) -> Select[Any]:
    """Theirs, for themselves alone."""
    return select(reports).where(reports.c.reporter_id == user)


def is_open(subject: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether something is to be decided about it."""
    return exists().where(cases.c.subject_id == subject, cases.c.closed_at.is_(None))


def _one_more(subject_id: UUID) -> Any:
    more = {"report_count": cases.c.report_count + 1, "closed_at": None, "outcome": None}
    since = func.coalesce(
        select(cases.c.opened_at)
        .where(cases.c.subject_id == subject_id, cases.c.closed_at.is_(None))
        .scalar_subquery(),
        func.clock_timestamp(),
    )
    return update(cases).where(cases.c.subject_id == subject_id).values({**more, "opened_at": since})


def _reasons_of(rows: Sequence[Any]) -> dict[UUID, dict[ReportReason, int]]:
    """A reason that only a newer version knows is an other one."""
    found: dict[UUID, dict[ReportReason, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row.subject_id][known_or(row.reason, ReportReason.OTHER)] += row.number
    return found


@per_shape
def _open(request: PageRequest) -> Select[Any]:
    waiting = select(cases).where(cases.c.closed_at.is_(None))
    return page(waiting, [cases.c.opened_at, cases.c.subject_id], request, descending=False)


@per_shape
def _waiting(subject_id: UUID) -> Select[Any]:
    return select(func.count()).where(cases.c.subject_id == subject_id, cases.c.closed_at.is_(None))


@per_shape
def _counted() -> Select[Any]:
    return select(func.count()).select_from(cases).where(cases.c.closed_at.is_(None))


@per_shape
def _reasons(subjects: Sequence[UUID]) -> Select[Any]:
    counted = select(reports.c.subject_id, reports.c.reason, func.count().label("number"))
    of_them = counted.where(among(reports.c.subject_id, subjects))
    return of_them.group_by(reports.c.subject_id, reports.c.reason)


@per_shape
def _notes(subjects: Sequence[UUID], request: PageRequest) -> Select[Any]:
    said = select(reports.c.note, reports.c.created_at, reports.c.reporter_id).where(reports.c.note != "")
    order = [reports.c.created_at, reports.c.reporter_id]
    return pages_of_parents(said, reports.c.subject_id, subjects, order, request, descending=True)
