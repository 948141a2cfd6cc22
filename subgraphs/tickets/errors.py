"""What a person can act on in the tickets domain, beside the kit's InvalidInput, NotFound and Conflict.

SoldOut             every seat of the type is taken
SalesClosed         not on sale: before, after, or the event is not open
TicketLimitReached  as many as one person may have
AlreadyCheckedIn    the ticket was used
TicketNotValid      void, or of another event
NotCancellable      too late, or somebody is in
"""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import UserError
from subgraphs.tickets.values import CheckIn, TicketType


@strawberry.type(description="Every seat of the ticket type is taken.")
class SoldOut(UserError):
    quantity: int = strawberry.field(description="How many there are.")
    may_wait: bool = strawberry.field(description="Whether joinWaitlist would help.")


@strawberry.type(description="The ticket type is not on sale now.")
class SalesClosed(UserError):
    sales_start: datetime | None = strawberry.field(description="Since when, or from when on, it is.")
    sales_end: datetime | None = strawberry.field(description="Until when it is.")


@strawberry.type(description="As many of the ticket type as one person may have.")
class TicketLimitReached(UserError):
    limit: int = strawberry.field(description="How many that is.")


@strawberry.type(description="The ticket was used already.")
class AlreadyCheckedIn(UserError):
    scanned_at: datetime = strawberry.field(description="When it was.")


@strawberry.type(description="The ticket does not open this event's door.")
class TicketNotValid(UserError):
    pass


@strawberry.type(description="The registration can be given up no longer.")
class NotCancellable(UserError):
    cancellable_until: datetime | None = strawberry.field(description="Until when it could be.")


ERRORS = (SoldOut, SalesClosed, TicketLimitReached, AlreadyCheckedIn, TicketNotValid, NotCancellable)
AT_TYPE, AT_CODE, AT_REGISTRATION = ["ticketTypeId"], ["code"], ["registrationId"]


def sold_out(kind: TicketType) -> Refused:
    seats = "The only seat is" if kind.quantity == 1 else f"All {kind.quantity} seats are"
    return Refused(
        SoldOut(
            message=f"{seats} taken.", code="SOLD_OUT", path=AT_TYPE, quantity=kind.quantity, may_wait=True
        )
    )


def sales_closed(message: str, kind: TicketType) -> Refused:
    return Refused(
        SalesClosed(
            message=message,
            code="SALES_CLOSED",
            path=AT_TYPE,
            sales_start=kind.sales_start,
            sales_end=kind.sales_end,
        )
    )


def limit_reached(limit: int) -> Refused:
    message = f"One person may have {limit} of it."
    return Refused(
        TicketLimitReached(message=message, code="TICKET_LIMIT_REACHED", path=AT_TYPE, limit=limit)
    )


def already_checked_in(check_in: CheckIn) -> Refused:
    message = "Somebody came in with this ticket already."
    at = check_in.scanned_at
    return Refused(AlreadyCheckedIn(message=message, code="ALREADY_CHECKED_IN", path=AT_CODE, scanned_at=at))


def ticket_not_valid(message: str, at: str = "code") -> Refused:
    return Refused(TicketNotValid(message=message, code="TICKET_NOT_VALID", path=[at]))


def not_cancellable(message: str, until: datetime | None) -> Refused:
    return Refused(
        NotCancellable(message=message, code="NOT_CANCELLABLE", path=AT_REGISTRATION, cancellable_until=until)
    )
