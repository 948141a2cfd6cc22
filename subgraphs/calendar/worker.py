"""What the calendar domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.calendar.repository.hearing import hear_of_member, hear_of_student, hear_of_teacher
from subgraphs.calendar.repository.reminders import remind
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer, Relay, listening
from subgraphs.kit.worker import Task

EVERY = timedelta(minutes=1)


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    """Who teaches, learns, comes and goes is heard; lessons that are about to begin are told of."""
    database, redis = stores.postgres, stores.redis
    return [
        Relay("calendar", database, redis),
        *listening(
            database,
            Consumer("calendar.teachers", ["teachers.teacher"], hear_of_teacher, database, redis),
            Consumer("calendar.students", ["students.student"], hear_of_student, database, redis),
            Consumer("calendar.members", ["groups.member"], hear_of_member, database, redis),
        ),
        Periodic("lesson reminders", EVERY, remind, database),
    ]
