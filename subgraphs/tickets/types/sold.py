"""Ticket types, registrations, tickets and check-ins in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.kit.money import Amount, Money, money_type
from subgraphs.tickets import enums as _described  # noqa: F401 -- before they are used
from subgraphs.tickets import values
from subgraphs.tickets.codes import qr_svg
from subgraphs.tickets.loaders import TicketsContext

if TYPE_CHECKING:
    from subgraphs.tickets.types import Event, User

TicketsInfo: TypeAlias = Info[TicketsContext, None]
LazyUser = Annotated["User", strawberry.lazy(__name__.rpartition(".")[0])]
LazyEvent = Annotated["Event", strawberry.lazy(__name__.rpartition(".")[0])]


@federation.type(
    keys=["id"], description="A kind of ticket for an event: what it costs, and how many there are."
)
class TicketType:
    record: strawberry.Private[values.TicketType]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    event: LazyEvent | None = strawberry.field(description="For what it is.")
    name: str = strawberry.field(description="Its name, in a line.")
    description: str = strawberry.field(description="What comes with it; empty when nothing was written.")
    quantity: int = strawberry.field(description="How many there are.")
    sold_count: int = strawberry.field(description="How many of them are taken, held ones too.")
    price: Money | None = strawberry.field(description="What it costs; null: nothing.")
    sales_start: datetime | None = strawberry.field(description="From when on it is sold; null: already.")
    sales_end: datetime | None = strawberry.field(
        description="Until when it is sold; null: until the event is over."
    )
    per_person_limit: int = strawberry.field(description="How many one person may have.")
    is_hidden: bool = strawberry.field(description="Whether a code is needed to see and to take it.")
    cancellable_until: datetime | None = strawberry.field(
        description="Until when it may be given up; null: until the event starts."
    )
    refund_percent: int = strawberry.field(description="How much goes back to who gives it up in time.")

    @strawberry.field(description="How many are left.")
    def available(self) -> int:
        return self.record.quantity - self.record.sold_count


@federation.type(keys=["id"], description="Somebody's seat, or place in the queue for one.")
class Registration:
    record: strawberry.Private[values.Registration]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    event: LazyEvent | None = strawberry.field(description="For what it is.")
    user: LazyUser | None = strawberry.field(description="Who registered.")
    status: values.RegistrationStatus = strawberry.field(description="How far it is.")
    price: Money | None = strawberry.field(description="What it cost when it was made; null: nothing.")
    held_until: datetime | None = strawberry.field(description="Until when it has to be paid, while PENDING.")
    confirmation_code: str = strawberry.field(description="For people to say, when they ask or at the door.")
    end_reason: values.Reason | None = strawberry.field(description="Why it ended; null while it has not.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @strawberry.field(description="What kind of ticket it is for.")
    def ticket_type(self, info: TicketsInfo) -> TicketType | None:
        return info.context.loaders.type.found(self.record.ticket_type_id, ticket_type_type)

    @strawberry.field(description="Its ticket; null when there is none, or somebody else holds it.")
    def ticket(self, info: TicketsInfo) -> Ticket | None:
        return info.context.loaders.ticket_of.found(self.record.id, ticket_type)

    @strawberry.field(description="1 for who gets the next seat; null when it does not wait.")
    def place_in_queue(self, info: TicketsInfo) -> int | None:
        if self.record.status is not values.RegistrationStatus.WAITLISTED:
            return None
        return info.context.loaders.place.answer(self.record.id)


@strawberry.type(description="Somebody came in.")
class CheckIn:
    scanned_at: datetime = strawberry.field(description="When the ticket was scanned.")
    checked_in_at: datetime = strawberry.field(description="When that was told: later, by a scanner offline.")
    checked_in_by: LazyUser | None = strawberry.field(description="Who let them in.")


@federation.type(keys=["id"], description="What lets somebody in, once.")
class Ticket:
    record: strawberry.Private[values.Ticket]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    event: LazyEvent | None = strawberry.field(description="For what it is.")
    holder: LazyUser | None = strawberry.field(description="Whom it lets in.")
    status: values.TicketStatus = strawberry.field(description="Whether it opens the door.")
    issued_at: datetime = strawberry.field(description="Since when there is one.")

    @strawberry.field(
        description="What a scanner reads: signed, and another one after each transfer. For the holder; null "
        "for anyone else, and when the ticket is void."
    )
    def attendance_code(self, info: TicketsInfo) -> str | None:
        return info.context.codes.code_of(self.record) if self._is_shown(info) else None

    @strawberry.field(description="The attendance code as an SVG image, to inline. For the holder.")
    def qr_code(self, info: TicketsInfo) -> str | None:
        return qr_svg(info.context.codes.code_of(self.record)) if self._is_shown(info) else None

    @strawberry.field(description="That they came in; null when they have not.")
    def check_in(self, info: TicketsInfo) -> CheckIn | None:
        return info.context.loaders.check_in.found(self.record.id, check_in_type)

    @strawberry.field(description="What it was registered by; null for who was only given the ticket.")
    def registration(self, info: TicketsInfo) -> Registration | None:
        return info.context.loaders.registration.found(self.record.registration_id, registration_type)

    def _is_shown(self, info: TicketsInfo) -> bool:
        viewer = info.context.request.known_viewer
        is_holder = viewer is not None and viewer.id == self.record.holder_id
        return is_holder and self.record.status is values.TicketStatus.VALID


def ticket_type_type(kind: values.TicketType) -> TicketType:
    return TicketType(
        record=kind,
        id=strawberry.ID(str(kind.id)),
        event=_event(kind.event_id),
        name=kind.name,
        description=kind.description,
        quantity=kind.quantity,
        sold_count=kind.sold_count,
        price=_money(kind.price),
        sales_start=kind.sales_start,
        sales_end=kind.sales_end,
        per_person_limit=kind.per_person_limit,
        is_hidden=kind.access_code_hash is not None,
        cancellable_until=kind.cancellable_until,
        refund_percent=kind.refund_percent,
    )


def registration_type(registration: values.Registration) -> Registration:
    pending = registration.status is values.RegistrationStatus.PENDING
    return Registration(
        record=registration,
        id=strawberry.ID(str(registration.id)),
        event=_event(registration.event_id),
        user=_user(registration.user_id),
        status=registration.status,
        price=_money(registration.price),
        held_until=registration.held_until if pending else None,
        confirmation_code=registration.confirmation_code,
        end_reason=_reason(registration.reason),
        created_at=registration.created_at,
    )


def ticket_type(ticket: values.Ticket) -> Ticket:
    return Ticket(
        record=ticket,
        id=strawberry.ID(str(ticket.id)),
        event=_event(ticket.event_id),
        holder=_user(ticket.holder_id),
        status=ticket.status,
        issued_at=ticket.issued_at,
    )


def check_in_type(check_in: values.CheckIn) -> CheckIn:
    by = check_in.checked_in_by
    return CheckIn(
        scanned_at=check_in.scanned_at,
        checked_in_at=check_in.checked_in_at,
        checked_in_by=None if by is None else _user(by),
    )


def _money(amount: Amount | None) -> Money | None:
    return None if amount is None else money_type(amount)


def _reason(stored: str | None) -> values.Reason | None:
    """One that only a newer version knows is left out."""
    known = {each.value: each for each in values.Reason}
    return None if stored is None else known.get(stored)


def _event(event_id: values.EventId) -> Event:
    from subgraphs.tickets.types import Event

    return Event(id=strawberry.ID(str(event_id)))


def _user(user_id: values.PersonId) -> User:
    from subgraphs.tickets.types import User

    return User(id=strawberry.ID(str(user_id)))
