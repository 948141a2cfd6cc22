"""What the other domains tell, as facts. Whose it was is not read: no id of a person goes through here but a
host's, into the copy of events that says who may see the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from db.postgres import WriteSession
from subgraphs.analytics.repository.copies import keep_events
from subgraphs.analytics.repository.ingest import ingest
from subgraphs.analytics.values import EventId, Fact, Kind
from subgraphs.kit.acting import OFFICE, act_as
from subgraphs.kit.outbox import Message
from subgraphs.kit.outbox.message import KEPT, WRITTEN_AT

POSTS = UUID("1d6b7a0e-3f65-5b8e-9c3e-0a4b7c1f0d21")
"""The namespace of posts as sources: one is told again whenever it changes, and was written once."""
TOLD_LATE = KEPT - timedelta(days=1)
"""A post that is older and told now has changed; it was counted, or is from before we listened."""

EVENTS = {
    "EventCreated": Kind.EVENT_CREATED,
    "EventPublished": Kind.EVENT_PUBLISHED,
    "EventCancelled": Kind.EVENT_CANCELLED,
    "EventCompleted": Kind.EVENT_COMPLETED,
}
REGISTRATIONS = {
    "RegistrationReserved": Kind.RESERVED,
    "RegistrationWaitlisted": Kind.WAITLISTED,
    "RegistrationConfirmed": Kind.REGISTERED,
    "RegistrationExpired": Kind.EXPIRED,
    "TicketCheckedIn": Kind.CHECKED_IN,
    "TicketCheckInUndone": Kind.CHECK_IN_UNDONE,
}
PAYMENTS = {
    "PaymentSucceeded": Kind.PAID,
    "PaymentFailed": Kind.PAYMENT_FAILED,
    "RefundSucceeded": Kind.REFUNDED,
}
PEOPLE = {
    "UserFollowed": Kind.FOLLOWED,
    "OrganizationCreated": Kind.ORGANIZATION_CREATED,
    "UserDeleted": Kind.ACCOUNT_DELETED,
}


async def hear(session: WriteSession, messages: Sequence[Message]) -> None:
    """For a BatchConsumer. Raises KeyError or ValueError for a payload that is not what its type says."""
    await act_as(session, OFFICE)
    await keep_events(session, [each for each in messages if each.topic == "events.event"])
    await ingest(session, [fact for message in messages for fact in READERS[message.topic](message)])


def _of_event(message: Message) -> Iterator[Fact]:
    if message.type in EVENTS:
        yield _fact(message, EVENTS[message.type], event=message.key)


def _of_registration(message: Message) -> Iterator[Fact]:
    kind = REGISTRATIONS.get(message.type)
    if message.type == "RegistrationCancelled":
        kind = Kind.CANCELLED if message.payload["was"] == "CONFIRMED" else Kind.RELEASED
    if kind is not None:
        yield _fact(message, kind, event=message.payload["event_id"])


def _of_payment(message: Message) -> Iterator[Fact]:
    kind, told = PAYMENTS.get(message.type), message.payload
    if kind is not None:
        amount = 0 if kind is Kind.PAYMENT_FAILED else int(told["amount_minor"])
        yield _fact(message, kind, event=told["event_id"], amount=amount, currency=told["currency"])


def _of_people(message: Message) -> Iterator[Fact]:
    if message.type in PEOPLE:
        yield _fact(message, PEOPLE[message.type])


def _of_posts(message: Message) -> Iterator[Fact]:
    oldest = (_written_at(message) or datetime.now(UTC)) - TOLD_LATE
    for row in message.payload["rows"]:
        written = datetime.fromisoformat(row["created_at"])
        if written > oldest:
            yield Fact(uuid5(POSTS, str(row["id"])), Kind.POSTED, None, written)


READERS: Mapping[str, Callable[[Message], Iterator[Fact]]] = {
    "events.event": _of_event,
    "tickets.registration": _of_registration,
    "payments.payment": _of_payment,
    "posts.posts": _of_posts,
    "users.account": _of_people,
    "users.organization": _of_people,
    "users.relation": _of_people,
}
"""Topic → what its messages say. The topics are what the domain hears."""


def _fact(message: Message, kind: Kind, *, event: Any = None, amount: int = 0, currency: str = "") -> Fact:
    of = None if event is None else EventId(UUID(event))
    return Fact(message.id, kind, of, _written_at(message), amount_minor=amount, currency=currency)


def _written_at(message: Message) -> datetime | None:
    told = message.headers.get(WRITTEN_AT)
    return None if told is None else datetime.fromisoformat(told)
