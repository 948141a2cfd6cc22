"""What the groups domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence

from db.clients import Stores
from subgraphs.groups.repository.hearing import hear_of_student, hear_of_teacher
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.outbox import Consumer, Relay, listening
from subgraphs.kit.worker import Task


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    """Who teaches and who learns is heard; who came and went is told."""
    database, redis = stores.postgres, stores.redis
    return [
        Relay("groups", database, redis),
        *listening(
            database,
            Consumer("groups.teachers", ["teachers.teacher"], hear_of_teacher, database, redis),
            Consumer("groups.students", ["students.student"], hear_of_student, database, redis),
        ),
    ]
