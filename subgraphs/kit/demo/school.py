"""The demo world's school: who teaches whom what, and when, the same for every domain.

Every teacher has two courses of a language they know; every student is in one of them. A course meets twice a
week at an hour of the teacher's own, on the clock of the teacher's city.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from subgraphs.kit.demo.people import Part, people

TEACHERS_IN, STUDENTS_IN = 100, 10
"""One in a hundred people teaches, one in ten learns, beside those with that part."""
COURSES_OF_A_TEACHER = 2
FIRST_NUMBER = 700_000_000
LEVELS = ("A1", "A2", "B1", "B2")
HOURS = (9, 11, 16, 18)
LANGUAGES = {"en": "English", "de": "German", "ru": "Russian"}
LESSON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Course:
    number: int
    teacher: int
    students: tuple[int, ...]
    """Numbers of people, as `teacher` is."""
    language: str
    level: str
    weekdays: tuple[int, int]
    """1 is Monday."""
    hour: int
    timezone: str

    @property
    def name(self) -> str:
        return f"{LANGUAGES[self.language]} {self.level}"


def is_teacher(number: int) -> bool:
    return number == Part.TEACHER or number % TEACHERS_IN == TEACHERS_IN - 1


def is_student(number: int) -> bool:
    return number == Part.STUDENT or number % STUDENTS_IN == STUDENTS_IN - 2


def telegram_id(number: int) -> int | None:
    """A third of the people, and all of the school, are on Telegram."""
    has_one = number % 3 == 0 or is_teacher(number) or is_student(number)
    return FIRST_NUMBER + number if has_one else None


def teachers(count: int) -> list[int]:
    return [number for number in range(count) if is_teacher(number)]


def students(count: int) -> list[int]:
    return [number for number in range(count) if is_student(number)]


def courses(count: int) -> Iterator[Course]:
    """Of the first `count` people. O(teachers + students)."""
    teaching, everybody = teachers(count), people(count)
    number_of_courses = COURSES_OF_A_TEACHER * len(teaching)
    members: list[list[int]] = [[] for _ in range(number_of_courses)]
    for at, student in enumerate(students(count) if number_of_courses else []):
        members[at % number_of_courses].append(student)
    for number in range(number_of_courses):
        teacher = teaching[number // COURSES_OF_A_TEACHER]
        second = number % COURSES_OF_A_TEACHER
        person = everybody[teacher]
        yield Course(
            number,
            teacher,
            tuple(members[number]),
            person.language,
            LEVELS[number % len(LEVELS)],
            (1 + second, 3 + second),
            HOURS[teacher % len(HOURS)],
            person.city.timezone,
        )


def meetings(course: Course, now: datetime, weeks: range) -> Iterator[datetime]:
    """When it meets in these weeks, counted from the one that `now` is in."""
    monday: date = (now - timedelta(days=now.weekday())).date()
    for week in weeks:
        for weekday in course.weekdays:
            day = monday + timedelta(days=7 * week + weekday - 1)
            yield datetime.combine(day, time(course.hour), ZoneInfo(course.timezone))
