"""What the mutations of the students domain are given."""

from __future__ import annotations

from datetime import date

import strawberry

from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.scalars import TimeZone

NAME = "As teachers know them: up to 100 characters."
ZONE = "Where they are: for showing local times."
PHONE = "With the country's code: +4930123456. Kept encrypted."
WHOM = "You; anybody for administrators."
LANGUAGE = "Its code of ISO 639: en, de, ru."
UNSET = strawberry.UNSET


@strawberry.input(description="Who becomes a student. Their account is linked to Telegram.")
class CreateStudentInput:
    user_id: strawberry.ID | None = strawberry.field(default=None, description=f"Absent: you. {WHOM}")
    display_name: str = strawberry.field(description=NAME)
    timezone: TimeZone = strawberry.field(default=TimeZone("UTC"), description=ZONE)
    phone: str | None = strawberry.field(default=None, description=PHONE)


@strawberry.input(description="A field that is absent stays; null clears phone.")
class UpdateStudentInput:
    student_id: strawberry.ID = strawberry.field(description=WHOM)
    display_name: str | None = strawberry.field(default=UNSET, description=NAME)
    timezone: TimeZone | None = strawberry.field(default=UNSET, description=ZONE)
    phone: str | None = strawberry.field(default=UNSET, description=PHONE)


@strawberry.input(description="A language that is learned, or what is said about it.")
class SetLearnedLanguageInput:
    student_id: strawberry.ID = strawberry.field(description=WHOM)
    language: str = strawberry.field(description=LANGUAGE)
    level: LanguageLevel = strawberry.field(description="How well they know it.")
    target_level: LanguageLevel | None = strawberry.field(
        default=None, description="How well they want to know it."
    )


@strawberry.input(description="A language that is learned no longer.")
class RemoveLearnedLanguageInput:
    student_id: strawberry.ID = strawberry.field(description=WHOM)
    language: str = strawberry.field(description=LANGUAGE)


@strawberry.input(description="Something to reach.")
class AddStudentGoalInput:
    student_id: strawberry.ID = strawberry.field(description=WHOM)
    title: str = strawberry.field(description="Up to 200 characters.")
    due_on: date | None = strawberry.field(default=None, description="Until when, if that matters.")


@strawberry.input(description="Which goal was reached.")
class ReachStudentGoalInput:
    goal_id: strawberry.ID = strawberry.field(description="One of yours; anybody's for administrators.")


@strawberry.input(description="How far a student has come.")
class NoteStudentProgressInput:
    student_id: strawberry.ID = strawberry.field(description="One in a group of yours.")
    language: str = strawberry.field(description=LANGUAGE)
    level: LanguageLevel = strawberry.field(description="How well they know it now.")
    note: str = strawberry.field(default="", description="Up to 1000 characters.")
