"""The teachers domain in GraphQL. `User` is another subgraph's entity with our field on it."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.kit.audit_reads import Read
from subgraphs.kit.connections import Connection, Counter, connection
from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.money import Amount, Money, money_type
from subgraphs.kit.pages import Page
from subgraphs.kit.scalars import TimeZone
from subgraphs.teachers import values
from subgraphs.teachers.loaders import TeachersContext

TeachersInfo: TypeAlias = Info[TeachersContext, None]
NUMBER = "Links the school's services to people; for other subgraphs only."


@strawberry.type(description="A language that somebody teaches.")
class TaughtLanguage:
    language: str = strawberry.field(description="Its code of ISO 639: en, de, ru.")
    level: LanguageLevel = strawberry.field(description="How well they know it.")
    hourly_rate: Money | None = strawberry.field(
        description="What an hour costs; null when it is to be agreed on."
    )


@federation.type(keys=["telegramId"], description="A person with an account.")
class User:
    telegram_id: strawberry.ID | None = federation.field(inaccessible=True, description=NUMBER)

    @strawberry.field(description="What they teach; null when they are no teacher.")
    def teacher(self, info: TeachersInfo) -> Teacher | None:
        if self.telegram_id is None:
            return None
        number = values.TelegramId(int(self.telegram_id))
        return info.context.loaders.by_telegram_id.found(number, teacher_type)


@federation.type(keys=["id", "telegramId"], description="Somebody who teaches languages.")
class Teacher:
    record: strawberry.Private[values.Teacher]
    id: strawberry.ID = strawberry.field(description="Theirs for good.")
    telegram_id: strawberry.ID = federation.field(inaccessible=True, description=NUMBER)
    user: User | None = strawberry.field(description="The person.")
    display_name: str = strawberry.field(description="As students know them.")
    bio: str = strawberry.field(description="What they say about themselves; may be empty.")
    timezone: TimeZone = strawberry.field(description="Where they are: for showing local times.")
    is_active: bool = strawberry.field(description="Whether they teach at present.")
    created_at: datetime = strawberry.field(description="Since when they are a teacher here.")
    updated_at: datetime = strawberry.field(description="When what is said here last changed.")

    @strawberry.field(description="What they teach, by the languages' codes.")
    def languages(self, info: TeachersInfo) -> list[TaughtLanguage]:
        return info.context.loaders.languages.answer(self.record.id, _taught_types)

    @strawberry.field(
        description="For themselves and administrators, whose reading is noted; null for anyone else."
    )
    def phone(self, info: TeachersInfo) -> str | None:
        viewer, record = info.context.request.known_viewer, self.record
        if viewer is None or record.phone is None:
            return None
        phone = info.context.teachers.phone_of
        if viewer.id == record.user_id:
            return phone(record)
        if not viewer.is_admin:
            return None
        read = Read("teacher", str(record.id), "phone")
        return info.context.loaders.noted.answer(read, lambda _noted: phone(record))


def teacher_type(teacher: values.Teacher) -> Teacher:
    number = strawberry.ID(str(teacher.telegram_id))
    return Teacher(
        record=teacher,
        id=strawberry.ID(str(teacher.id)),
        telegram_id=number,
        user=User(telegram_id=number),
        display_name=teacher.display_name,
        bio=teacher.bio,
        timezone=TimeZone(teacher.timezone),
        is_active=teacher.is_active,
        created_at=teacher.created_at,
        updated_at=teacher.updated_at,
    )


def teacher_connection(page: Page[values.Teacher], counter: Counter) -> Connection[Teacher]:
    cursor = values.NEWEST_TEACHERS.cursor
    return connection(page, teacher_type, lambda teacher: cursor(teacher.position), counter)


def _taught_types(taught: tuple[values.TaughtLanguage, ...] | None) -> list[TaughtLanguage]:
    return [
        TaughtLanguage(
            language=each.language,
            level=each.level,
            hourly_rate=_rate(each),
        )
        for each in taught or ()
    ]


def _rate(taught: values.TaughtLanguage) -> Money | None:
    if taught.hourly_rate_minor is None or taught.currency is None:
        return None
    return money_type(Amount(taught.hourly_rate_minor, taught.currency))
