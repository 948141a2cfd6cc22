"""What a person can act on in the calendar domain, beside the kit's InvalidInput, NotFound and Conflict.

TimeTaken      the teacher or a student is elsewhere, or the teacher has no time
LessonClosed   it is over or cancelled
TooLate        a student may cancel no longer
"""

from __future__ import annotations

import strawberry

from subgraphs.calendar import enums as _described  # noqa: F401 -- before they are used
from subgraphs.calendar.values import Busy, LessonStatus
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import UserError

TAKEN = {
    Busy.TEACHER: "The teacher gives another lesson at one of these times.",
    Busy.STUDENT: "A student is in another lesson at one of these times.",
    Busy.UNAVAILABLE: "The teacher has no time at one of these times.",
}
CLOSED = {
    LessonStatus.SCHEDULED: "The lesson is to come.",
    LessonStatus.COMPLETED: "The lesson is over.",
    LessonStatus.CANCELLED: "The lesson was cancelled.",
}


@strawberry.type(description="Somebody cannot come then.")
class TimeTaken(UserError):
    conflict: Busy = strawberry.field(description="Why.")


@strawberry.type(description="The lesson does not change any longer: see its status.")
class LessonClosed(UserError):
    status: LessonStatus = strawberry.field(description="What it is now.")


@strawberry.type(description="It starts too soon for a student to cancel it: ask the teacher.")
class TooLate(UserError):
    hours_before: int = strawberry.field(description="How many hours before it starts a student may.")


ERRORS = (TimeTaken, LessonClosed, TooLate)


def time_taken(why: Busy, at: str = "startsAt") -> Refused:
    return Refused(TimeTaken(message=TAKEN[why], code="TIME_TAKEN", path=[at], conflict=why))


def lesson_closed(status: LessonStatus, at: str = "lessonId") -> Refused:
    return Refused(LessonClosed(message=CLOSED[status], code="LESSON_CLOSED", path=[at], status=status))


def too_late(hours: int) -> Refused:
    message = f"Students cancel {hours} hours before a lesson at the latest: ask the teacher."
    return Refused(TooLate(message=message, code="TOO_LATE", path=["lessonId"], hours_before=hours))
