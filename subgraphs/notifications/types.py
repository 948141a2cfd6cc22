"""The notifications domain in GraphQL. What a notification is about are other subgraphs' entities."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar
from uuid import UUID

import strawberry
from strawberry import federation
from strawberry.federation.schema_directives import Key, ListSize
from strawberry.federation.types import FieldSet
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.kit.connections import Connection, Counter, PageArguments, connection, paged
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.notifications import enums as _described  # noqa: F401 -- before they are used
from subgraphs.notifications import values
from subgraphs.notifications.loaders import NotificationsContext
from subgraphs.notifications.service.inbox import Told

NotificationsInfo: TypeAlias = Info[NotificationsContext, None]
Entity = TypeVar("Entity", "Post", "Comment", "Event", "Registration", "Lesson", "Group")
ELSEWHERE = [Key(fields=FieldSet("id"), resolvable=False)]
"""Entities that are named here and known elsewhere."""
DEVICES = ListSize(
    assumed_size=values.MOST_DEVICES,
    slicing_arguments=None,
    sized_fields=None,
    require_one_slicing_argument=False,
)
OWN = "Null for everybody but yourself."
ID = "Its own for good."
LISTED = "What happened for you, the latest first."
UNREAD = "How many of your notifications are unread."
CHOSEN = "What you are told, where and when."


@federation.type(keys=ELSEWHERE, description="Something somebody wanted others to see.")
class Post:
    id: strawberry.ID = strawberry.field(description=ID)


@federation.type(keys=ELSEWHERE, description="What somebody wrote under a post, or in answer to a comment.")
class Comment:
    id: strawberry.ID = strawberry.field(description=ID)


@federation.type(keys=ELSEWHERE, description="Something people come to.")
class Event:
    id: strawberry.ID = strawberry.field(description=ID)


@federation.type(keys=ELSEWHERE, description="Somebody's seat, or place in the queue for one.")
class Registration:
    id: strawberry.ID = strawberry.field(description=ID)


@federation.type(keys=ELSEWHERE, description="A time at which somebody teaches somebody.")
class Lesson:
    id: strawberry.ID = strawberry.field(description=ID)


@federation.type(keys=ELSEWHERE, description="People who learn together.")
class Group:
    id: strawberry.ID = strawberry.field(description=ID)


@strawberry.type(description="Whether you are told of something somewhere.")
class NotificationChoice:
    kind: values.Kind = strawberry.field(description="Of what.")
    channel: values.Channel = strawberry.field(description="Where.")
    is_on: bool = strawberry.field(description="Whether you are.")


@strawberry.type(
    description="What somebody is told, where and when. Language and time zone are in UserSettings."
)
class NotificationSettings:
    quiet_from: str | None = strawberry.field(
        description="From when on nothing is sent, by your clock: 22:00. What comes then waits. Null: never."
    )
    quiet_until: str | None = strawberry.field(description="Until when: 07:00. It may be over midnight.")
    mail_timing: values.MailTiming = strawberry.field(description="When mails are sent.")
    choices: list[NotificationChoice] = strawberry.field(description="Each kind on each channel.")


@strawberry.type(description="A device that you are told on.")
class PushDevice:
    id: strawberry.ID = strawberry.field(description=ID)
    name: str = strawberry.field(description="What you call it.")
    registered_at: datetime = strawberry.field(description="When it was last registered.")


@strawberry.type(description="What notifications of a kind say.")
class NotificationTemplate:
    kind: values.Kind = strawberry.field(description="Of which.")
    channel: values.Channel = strawberry.field(description="Where it is said.")
    language: values.Language = strawberry.field(description="In which language.")
    version: int = strawberry.field(description="The newest is in force.")
    title: str = strawberry.field(description="Above the text, with $name slots.")
    one: str = strawberry.field(description="When one person did it, or nobody is named.")
    two: str | None = strawberry.field(description="When two did; null: as for one.")
    many: str | None = strawberry.field(description="When more did; null: as for one.")


@federation.type(keys=["id"], description="Something that happened for you.")
class Notification:
    record: strawberry.Private[values.Notification]
    id: strawberry.ID = strawberry.field(description=ID)
    kind: values.Kind = strawberry.field(description="What happened.")
    happened_at: datetime = strawberry.field(description="When, or when the last of it did.")
    read_at: datetime | None = strawberry.field(description="Since when it is read; null: it is not.")

    @strawberry.field(description="A few words, in your language.")
    def title(self, info: NotificationsInfo) -> str:
        return info.context.loaders.told.answer(self.record.id, lambda told: _told(told).text.title)

    @strawberry.field(description="What it says, in your language and with times by your clock.")
    def text(self, info: NotificationsInfo) -> str:
        return info.context.loaders.told.answer(self.record.id, lambda told: _told(told).text.body)

    @strawberry.field(description="The latest of those who did it, three at most.")
    def actors(self, info: NotificationsInfo) -> list[User | None]:
        return info.context.loaders.told.answer(self.record.id, _actors)

    @strawberry.field(description="How many people did it; 0 when nobody did.")
    def actor_count(self, info: NotificationsInfo) -> int:
        return info.context.loaders.told.answer(self.record.id, lambda told: _told(told).cast.actor_count)

    @strawberry.field(description="The comment that it is about, the latest of them.")
    def comment(self, info: NotificationsInfo) -> Comment | None:
        return info.context.loaders.told.answer(self.record.id, _comment)

    @strawberry.field(description="The post that it is about.")
    def post(self) -> Post | None:
        return _named(Post, self.record.about.post_id)

    @strawberry.field(description="The event that it is about.")
    def event(self) -> Event | None:
        return _named(Event, self.record.about.event_id)

    @strawberry.field(description="The registration that it is about.")
    def registration(self) -> Registration | None:
        return _named(Registration, self.record.about.registration_id)

    @strawberry.field(description="The lesson that it is about, the first of a series.")
    def lesson(self) -> Lesson | None:
        return _named(Lesson, self.record.about.lesson_id)

    @strawberry.field(description="The group that it is about.")
    def group(self) -> Group | None:
        return _named(Group, self.record.about.group_id)


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @strawberry.field(description=f"{LISTED} {OWN}")
    @paged
    async def notifications(
        self, info: NotificationsInfo, asked: PageArguments
    ) -> Connection[Notification] | None:
        window = asked.of(values.NEWEST)
        if info.context.request.themselves(uuid_of(self.id)) is None:
            return None
        return await listed(info, values.Filter(), window)

    @strawberry.field(description=f"{UNREAD} {OWN}")
    async def unread_notification_count(self, info: NotificationsInfo) -> int | None:
        viewer = info.context.request.themselves(uuid_of(self.id))
        return None if viewer is None else await info.context.services.inbox.count_unread(viewer)

    @strawberry.field(description=f"{CHOSEN} {OWN}")
    async def notification_settings(self, info: NotificationsInfo) -> NotificationSettings | None:
        viewer = info.context.request.themselves(uuid_of(self.id))
        if viewer is None:
            return None
        return settings_type(await info.context.services.choices.get_own(viewer))

    @strawberry.field(
        description=f"The devices that you are told on, the last registered first. {OWN}",
        directives=[DEVICES],
    )
    async def push_devices(self, info: NotificationsInfo) -> list[PushDevice] | None:
        viewer = info.context.request.themselves(uuid_of(self.id))
        if viewer is None:
            return None
        return [device_type(each) for each in await info.context.services.devices.list_own(viewer)]


def device_type(device: values.Device) -> PushDevice:
    return PushDevice(id=strawberry.ID(str(device.id)), name=device.name, registered_at=device.registered_at)


async def listed(
    info: NotificationsInfo, wanted: values.Filter, window: PageRequest
) -> Connection[Notification]:
    viewer, inbox = info.context.request.require_viewer(), info.context.services.inbox
    page = await inbox.list_own(viewer, wanted, window)
    info.context.seen.update({each.id: each for each in page.items})
    return notification_connection(page, partial(inbox.count_own, viewer, wanted))


def notification_connection(page: Page[values.Notification], counter: Counter) -> Connection[Notification]:
    cursor = values.NEWEST.cursor
    return connection(page, notification_type, lambda each: cursor(each.position), counter)


def notification_type(told: values.Notification) -> Notification:
    return Notification(
        record=told,
        id=strawberry.ID(str(told.id)),
        kind=told.kind,
        happened_at=told.happened_at,
        read_at=told.read_at,
    )


def settings_type(settings: values.Settings) -> NotificationSettings:
    quiet = settings.quiet
    return NotificationSettings(
        quiet_from=None if quiet is None else quiet.since.isoformat("minutes"),
        quiet_until=None if quiet is None else quiet.until.isoformat("minutes"),
        mail_timing=settings.mail_timing,
        choices=[
            NotificationChoice(kind=kind, channel=channel, is_on=settings.is_on(kind, channel))
            for kind in values.Kind
            for channel in values.Channel
        ],
    )


def template_type(template: values.Template) -> NotificationTemplate:
    return NotificationTemplate(
        kind=template.kind,
        channel=template.channel,
        language=template.language,
        version=template.version,
        title=template.title,
        one=template.one,
        two=template.two,
        many=template.many,
    )


def _told(told: Told | None) -> Told:
    assert told is not None, "it was read in this request"
    return told


def _actors(told: Told | None) -> list[User | None]:
    return [User(id=strawberry.ID(str(actor))) for actor in _told(told).cast.actors]


def _comment(told: Told | None) -> Comment | None:
    return _named(Comment, _told(told).cast.comment_id)


def _named(kind: type[Entity], entity: UUID | None) -> Entity | None:
    return None if entity is None else kind(id=strawberry.ID(str(entity)))
