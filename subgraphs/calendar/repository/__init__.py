"""How lessons and hours are kept: Protocols for the services, and PostgreSQL behind them."""

from subgraphs.calendar.repository.postgres_changes import PostgresChangeRepository
from subgraphs.calendar.repository.postgres_hours import PostgresHoursRepository
from subgraphs.calendar.repository.postgres_lessons import PostgresLessonRepository
from subgraphs.calendar.repository.postgres_planning import PostgresPlanningRepository
from subgraphs.calendar.repository.protocol import (
    ChangeRepository,
    HoursRepository,
    LessonRepository,
    PlanningRepository,
)

__all__ = [
    "ChangeRepository",
    "HoursRepository",
    "LessonRepository",
    "PlanningRepository",
    "PostgresChangeRepository",
    "PostgresHoursRepository",
    "PostgresLessonRepository",
    "PostgresPlanningRepository",
]
