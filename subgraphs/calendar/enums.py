"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.calendar import values
from subgraphs.kit.enums import describe_enum

describe_enum(
    values.LessonStatus,
    "LessonStatus",
    "What a lesson is at the moment.",
    {
        "SCHEDULED": "It will take place, or does.",
        "COMPLETED": "It is over.",
        "CANCELLED": "It does not take place.",
    },
)
describe_enum(
    values.AttendanceStatus,
    "LessonAttendanceStatus",
    "Whether somebody came.",
    {
        "PRESENT": "They were there.",
        "LATE": "They came late.",
        "ABSENT": "They were not there.",
        "EXCUSED": "They were not there and had said so.",
    },
)
describe_enum(
    values.Busy,
    "LessonConflict",
    "Why a time is taken.",
    {
        "TEACHER": "The teacher gives another lesson.",
        "STUDENT": "A student is in another lesson.",
        "UNAVAILABLE": "The teacher has no time then.",
    },
)
