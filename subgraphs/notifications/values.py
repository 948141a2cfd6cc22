"""What the notifications domain is about, as frozen values: no GraphQL, no store.

A *notice* is what a message means for one person, a *cause* what is kept of it; the causes of a kind that
belong together are one *notification*, until it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any, NewType
from uuid import UUID

from subgraphs.kit.pages import Ordering

NotificationId = NewType("NotificationId", UUID)
PersonId = NewType("PersonId", UUID)
DeviceId = NewType("DeviceId", UUID)
TelegramId = NewType("TelegramId", int)
Facts = Mapping[str, Any]

NEWEST = Ordering("notifications", (datetime, UUID), descending=True)
MOST_MARKED = 100
NAMED_ACTORS = 3
"""The latest of those who did it are named, the others counted."""


class Kind(Enum):
    POST_LIKED = "POST_LIKED"
    COMMENT_LIKED = "COMMENT_LIKED"
    POST_COMMENTED = "POST_COMMENTED"
    COMMENT_ANSWERED = "COMMENT_ANSWERED"
    MENTIONED = "MENTIONED"
    FOLLOWED = "FOLLOWED"
    FOLLOW_REQUESTED = "FOLLOW_REQUESTED"
    FOLLOW_ACCEPTED = "FOLLOW_ACCEPTED"
    EVENT_INVITED = "EVENT_INVITED"
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    EVENT_QUESTION_ASKED = "EVENT_QUESTION_ASKED"
    EVENT_QUESTION_ANSWERED = "EVENT_QUESTION_ANSWERED"
    EVENT_MOVED = "EVENT_MOVED"
    EVENT_CANCELLED = "EVENT_CANCELLED"
    EVENT_SOON = "EVENT_SOON"
    REGISTRATION_RECEIVED = "REGISTRATION_RECEIVED"
    REGISTRATION_CONFIRMED = "REGISTRATION_CONFIRMED"
    REGISTRATION_WAITLISTED = "REGISTRATION_WAITLISTED"
    REGISTRATION_ENDED = "REGISTRATION_ENDED"
    SEAT_OFFERED = "SEAT_OFFERED"
    TICKET_RECEIVED = "TICKET_RECEIVED"
    PAYMENT_SUCCEEDED = "PAYMENT_SUCCEEDED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    REFUND_SUCCEEDED = "REFUND_SUCCEEDED"
    LESSON_SCHEDULED = "LESSON_SCHEDULED"
    LESSON_MOVED = "LESSON_MOVED"
    LESSON_CANCELLED = "LESSON_CANCELLED"
    LESSON_SOON = "LESSON_SOON"
    GROUP_JOINED = "GROUP_JOINED"


class Channel(Enum):
    IN_APP = "IN_APP"
    MAIL = "MAIL"
    TELEGRAM = "TELEGRAM"
    PUSH = "PUSH"


class Language(Enum):
    """As users has them."""

    EN = "EN"
    DE = "DE"
    RU = "RU"


class MailTiming(Enum):
    AT_ONCE = "AT_ONCE"
    DAILY = "DAILY"


class DeliveryStatus(Enum):
    WAITING = "WAITING"
    SENT = "SENT"
    SKIPPED = "SKIPPED"
    DEAD = "DEAD"


SENT_AWAY = frozenset({Channel.MAIL, Channel.TELEGRAM, Channel.PUSH})
SOCIAL = frozenset(
    {
        Kind.POST_LIKED,
        Kind.COMMENT_LIKED,
        Kind.POST_COMMENTED,
        Kind.COMMENT_ANSWERED,
        Kind.MENTIONED,
        Kind.FOLLOWED,
        Kind.FOLLOW_REQUESTED,
        Kind.FOLLOW_ACCEPTED,
        Kind.INVITATION_ACCEPTED,
        Kind.EVENT_QUESTION_ASKED,
        Kind.EVENT_QUESTION_ANSWERED,
        Kind.REGISTRATION_RECEIVED,
        Kind.GROUP_JOINED,
    }
)
"""What can wait: it is gathered for some minutes before it is sent."""
IN_APP_ALONE = frozenset({Kind.POST_LIKED, Kind.COMMENT_LIKED, Kind.GROUP_JOINED, Kind.INVITATION_ACCEPTED})
"""Nobody wants a mail about each of these, unless they say so."""
REMINDERS = frozenset({Kind.EVENT_SOON, Kind.LESSON_SOON})
"""Of no use once it has begun."""


def is_on_at_first(kind: Kind, channel: Channel) -> bool:
    """For who has chosen nothing."""
    return channel is Channel.IN_APP or kind not in IN_APP_ALONE


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a notification is about, by id."""

    post_id: UUID | None = None
    event_id: UUID | None = None
    registration_id: UUID | None = None
    lesson_id: UUID | None = None
    group_id: UUID | None = None


NOTHING = Subjects()


@dataclass(frozen=True, slots=True)
class Notice:
    """`key` is the same for the same thing, however often it is told; notices of one `group` are one
    notification while it is unread.
    """

    kind: Kind
    recipient: PersonId | TelegramId
    key: str
    group: str
    actor: PersonId | TelegramId | None = None
    comment_id: UUID | None = None
    about: Subjects = NOTHING
    facts: Facts = field(default_factory=dict)
    by: PersonId | None = None
    """Who did it, where they are not named: they are not told either."""
    only_after: str | None = None
    """The key of another one to the actor, which this answers: without it nobody is told."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What had this key is so no longer, whoever it was told to."""

    key: str


Meaning = Notice | Withdrawal


@dataclass(frozen=True, slots=True)
class Notification:
    id: NotificationId
    recipient_id: PersonId
    kind: Kind
    about: Subjects
    facts: Facts
    read_at: datetime | None
    happened_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.happened_at, self.id)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is behind a notification, the latest first, and the comment that the latest wrote or meant."""

    actors: tuple[PersonId, ...] = ()
    names: tuple[str | None, ...] = ()
    count: int = 0
    """How many people; where nobody is named, how often."""
    comment_id: UUID | None = None
    event: Facts = field(default_factory=dict)
    """The event as it is now: title and start."""

    @property
    def actor_count(self) -> int:
        return self.count if self.actors else 0


@dataclass(frozen=True, slots=True)
class Filter:
    unread: bool | None = None
    kinds: tuple[Kind, ...] | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """Texts with `$name` slots, for one, for two and for more people."""

    kind: Kind
    channel: Channel
    language: Language
    version: int
    title: str
    one: str
    two: str | None
    many: str | None


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str
    version: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when until when nothing is sent, by the clock of the person; over midnight when `until` is
    earlier.
    """

    since: time
    until: time


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody chose, and how users says they would like things."""

    user_id: PersonId
    quiet: Quiet | None = None
    mail_timing: MailTiming = MailTiming.AT_ONCE
    chosen: Mapping[tuple[Kind, Channel], bool] = field(default_factory=dict)
    language: Language = Language.EN
    timezone: str = "UTC"

    def is_on(self, kind: Kind, channel: Channel) -> bool:
        chosen = self.chosen.get((kind, channel))
        return is_on_at_first(kind, channel) if chosen is None else chosen


@dataclass(frozen=True, slots=True)
class Device:
    """Something of somebody's that shows what they are told."""

    id: DeviceId
    address: str = field(repr=False)
    """Where the gateway finds it; whoever knows it can say things there."""
    name: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class NewDevice:
    id: DeviceId
    user_id: PersonId
    address: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody can be reached; None where they cannot."""

    email: str | None = None
    telegram_id: int | None = None
    devices: tuple[Device, ...] = ()

    def on(self, channel: Channel) -> str | None:
        match channel:
            case Channel.MAIL:
                return self.email
            case Channel.TELEGRAM:
                return None if self.telegram_id is None else str(self.telegram_id)
            case Channel.PUSH:
                return self.devices[0].address if self.devices else None
            case Channel.IN_APP:
                return None


GATHERED = timedelta(minutes=5)
"""How long what can wait is waited with, so that the likes of a moment are one mail."""
DAILY_AT = time(8)
KEPT_READ, KEPT_UNREAD = timedelta(days=90), timedelta(days=365)
REMINDED = timedelta(days=1)
"""So long before an event who has a seat is reminded."""
MOST_DEVICES = 20
"""Of one person."""
