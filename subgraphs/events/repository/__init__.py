"""How events are kept: two Protocols, each over PostgreSQL and in memory, under one contract suite."""

from subgraphs.events.repository.memory import InMemoryAttendanceRepository, InMemoryEventRepository
from subgraphs.events.repository.postgres_attendance import PostgresAttendanceRepository
from subgraphs.events.repository.postgres_events import PostgresEventRepository
from subgraphs.events.repository.protocol import AttendanceRepository, EventRepository

__all__ = [
    "AttendanceRepository",
    "EventRepository",
    "InMemoryAttendanceRepository",
    "InMemoryEventRepository",
    "PostgresAttendanceRepository",
    "PostgresEventRepository",
]
