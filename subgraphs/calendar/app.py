"""The calendar subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.calendar.loaders import CalendarContext, calendar_context
from subgraphs.calendar.models import known_students, known_teachers
from subgraphs.calendar.repository import (
    PostgresChangeRepository,
    PostgresHoursRepository,
    PostgresLessonRepository,
    PostgresPlanningRepository,
)
from subgraphs.calendar.schema import build_schema
from subgraphs.calendar.service import Changes, Lessons, Planning, TeachingHours
from subgraphs.calendar.service.school import School
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.number_reads import NumberReads
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    school = School(Peers(config.peers, asking="calendar"))
    lessons = Lessons(PostgresLessonRepository(database))
    planning = Planning(PostgresPlanningRepository(database), school)
    changes = Changes(PostgresChangeRepository(database), lessons)
    hours = TeachingHours(PostgresHoursRepository(database))
    reads = NumberReads(database, known_teachers, known_students)

    def context(request: Request) -> CalendarContext:
        return calendar_context(request, lessons, planning, changes, hours, reads)

    return Subgraph(
        name="calendar",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )
