"""What one can do in the teachers domain. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.scalars import MinorUnits, TimeZone
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.teachers import values
from subgraphs.teachers.service import Profile
from subgraphs.teachers.types import Teacher, TeachersInfo, teacher_type

NAME = "As students know them: up to 100 characters."
BIO = "Up to 5000 characters."
ZONE = "Where they are: for showing local times."
PHONE = "With the country's code: +4930123456. Kept encrypted."
WHOM = "You; anybody for administrators."
LANGUAGE = "Its code of ISO 639: en, de, ru."
UNSET = strawberry.UNSET


@strawberry.input(description="Who becomes a teacher. Their account is linked to Telegram.")
class CreateTeacherInput:
    user_id: strawberry.ID | None = strawberry.field(default=None, description=f"Absent: you. {WHOM}")
    display_name: str = strawberry.field(description=NAME)
    bio: str = strawberry.field(default="", description=BIO)
    timezone: TimeZone = strawberry.field(default=TimeZone("UTC"), description=ZONE)
    phone: str | None = strawberry.field(default=None, description=PHONE)


@strawberry.input(description="A field that is absent stays; null clears phone.")
class UpdateTeacherInput:
    teacher_id: strawberry.ID = strawberry.field(description=WHOM)
    display_name: str | None = strawberry.field(default=UNSET, description=NAME)
    bio: str | None = strawberry.field(default=UNSET, description=BIO)
    timezone: TimeZone | None = strawberry.field(default=UNSET, description=ZONE)
    phone: str | None = strawberry.field(default=UNSET, description=PHONE)
    is_active: bool | None = strawberry.field(default=UNSET, description="Whether they teach at present.")


@strawberry.input(description="A language that is taught, or what is said about it.")
class SetTaughtLanguageInput:
    teacher_id: strawberry.ID = strawberry.field(description=WHOM)
    language: str = strawberry.field(description=LANGUAGE)
    level: LanguageLevel = strawberry.field(description="How well they know it.")
    hourly_rate_minor: MinorUnits | None = strawberry.field(
        default=None,
        description="What an hour costs, in the currency's minor units; absent: it is to be agreed on.",
    )
    currency: str | None = strawberry.field(default=None, description="Of the rate, by ISO 4217: EUR.")


@strawberry.input(description="A language that is taught no longer.")
class RemoveTaughtLanguageInput:
    teacher_id: strawberry.ID = strawberry.field(description=WHOM)
    language: str = strawberry.field(description=LANGUAGE)


@payload
class CreateTeacherPayload:
    teacher: Teacher | None = outcome("The new teacher.")
    errors: list[UserError] = problems()


@payload
class UpdateTeacherPayload:
    teacher: Teacher | None = outcome("The teacher as they are now.")
    errors: list[UserError] = problems()


@payload
class SetTaughtLanguagePayload:
    teacher: Teacher | None = outcome("The teacher, with the language.")
    errors: list[UserError] = problems()


@payload
class RemoveTaughtLanguagePayload:
    teacher: Teacher | None = outcome("The teacher, without the language.")
    errors: list[UserError] = problems()


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(CreateTeacherPayload, description="For who has the role of a teacher, and administrators.")
    async def create_teacher(
        self, info: TeachersInfo, input: CreateTeacherInput
    ) -> CreateTeacherPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        user = viewer.id if input.user_id is None else checks.id(input.user_id, "userId")
        profile = Profile(input.display_name, input.bio, input.timezone, input.phone)
        teacher = await info.context.teachers.create(request, values.UserId(user), profile, checks)
        return CreateTeacherPayload(teacher=teacher_type(teacher))

    @mutation(UpdateTeacherPayload, description="For themselves and administrators.")
    async def update_teacher(
        self, info: TeachersInfo, input: UpdateTeacherInput
    ) -> UpdateTeacherPayload | None:
        request, checks = info.context.request, Checks()
        request.require_viewer()
        columns = changes(input, checks, clearable={"phone"})
        teacher_id = _teacher_id(checks, columns.pop("teacher_id"))
        teacher = await info.context.teachers.update(request, teacher_id, columns, checks)
        return UpdateTeacherPayload(teacher=teacher_type(teacher))

    @mutation(SetTaughtLanguagePayload, description="For themselves and administrators: add or change one.")
    async def set_taught_language(
        self, info: TeachersInfo, input: SetTaughtLanguageInput
    ) -> SetTaughtLanguagePayload | None:
        request, checks = info.context.request, Checks()
        taught = values.TaughtLanguage(input.language, input.level, input.hourly_rate_minor, input.currency)
        teacher_id = _teacher_id(checks, input.teacher_id)
        teacher = await info.context.teachers.set_language(request, teacher_id, taught, checks)
        return SetTaughtLanguagePayload(teacher=teacher_type(teacher))

    @mutation(RemoveTaughtLanguagePayload, description="For themselves and administrators.")
    async def remove_taught_language(
        self, info: TeachersInfo, input: RemoveTaughtLanguageInput
    ) -> RemoveTaughtLanguagePayload | None:
        request, checks = info.context.request, Checks()
        teacher_id = _teacher_id(checks, input.teacher_id)
        teacher = await info.context.teachers.remove_language(request, teacher_id, input.language, checks)
        return RemoveTaughtLanguagePayload(teacher=teacher_type(teacher))


def _teacher_id(checks: Checks, text: str) -> values.TeacherId:
    return values.TeacherId(checks.id(text, "teacherId"))
