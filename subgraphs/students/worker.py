"""What the students domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence

from db.clients import Stores
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.copies import Copied
from subgraphs.kit.departures import Departures
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.worker import Task
from subgraphs.students.models import group_enrollments, known_teachers
from subgraphs.students.repository.departures import forget_person


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    """The school hears who learns; who teaches them, and in which groups, is heard from there."""
    database, redis = stores.postgres, stores.redis
    teachers = Copied(known_teachers, "TeacherKnown", "TeacherGone")
    places = Copied(group_enrollments, "MemberJoined", "MemberLeft")
    return [
        Relay("students", database, redis),
        Consumer("students.teachers", ["teachers.teacher"], teachers.hear, database, redis),
        Consumer("students.enrollments", ["groups.member"], places.hear, database, redis),
        *Departures("students", {"UserDeleted": forget_person}, database, redis).tasks(),
    ]
