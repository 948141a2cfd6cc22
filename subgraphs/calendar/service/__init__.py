"""What the calendar domain does."""

from subgraphs.calendar.service.changes import Changes
from subgraphs.calendar.service.hours import TeachingHours
from subgraphs.calendar.service.lessons import Lessons
from subgraphs.calendar.service.planning import Plan, Planning, Repeat

__all__ = ["Changes", "Lessons", "Plan", "Planning", "Repeat", "TeachingHours"]
