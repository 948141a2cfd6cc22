"""What the mutations of the tickets domain are given."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.scalars import MinorUnits

NAME = "Up to 200 characters."
DESCRIPTION = "Up to 2000 characters."
QUANTITY = "From 1 to 1000000."
PRICE = "In the currency's minor units; 0: nothing."
CURRENCY = "ISO 4217: EUR. Needed for what costs."
START = "From when on it is sold; null or absent: from now on."
END = "Until when it is sold; null or absent: until the event is over."
LIMIT = "How many one person may have: 1 to 100."
CODE = "Who wants to see or take it says this: 4 to 50 characters. Null or absent: everybody."
UNTIL = "Until when it may be given up; null or absent: until the event starts."
REFUND = "How much of the price goes back to who gives it up in time: 0 to 100."
OWN_TYPE = "One of an event that you manage."
UNSET = strawberry.UNSET


@strawberry.input(description="What is sold.")
class CreateTicketTypeInput:
    event_id: strawberry.ID = strawberry.field(description="An event that you manage.")
    name: str = strawberry.field(description=NAME)
    description: str = strawberry.field(default="", description=DESCRIPTION)
    quantity: int = strawberry.field(description=QUANTITY)
    price_minor: MinorUnits = strawberry.field(default=MinorUnits(0), description=PRICE)
    currency: str | None = strawberry.field(default=None, description=CURRENCY)
    sales_start: datetime | None = strawberry.field(default=None, description=START)
    sales_end: datetime | None = strawberry.field(default=None, description=END)
    per_person_limit: int = strawberry.field(default=1, description=LIMIT)
    access_code: str | None = strawberry.field(default=None, description=CODE)
    cancellable_until: datetime | None = strawberry.field(default=None, description=UNTIL)
    refund_percent: int = strawberry.field(default=100, description=REFUND)


@strawberry.input(description="A field that is absent stays; null clears where null is a meaning.")
class UpdateTicketTypeInput:
    ticket_type_id: strawberry.ID = strawberry.field(description=OWN_TYPE)
    name: str | None = strawberry.field(default=UNSET, description=NAME)
    description: str | None = strawberry.field(default=UNSET, description=DESCRIPTION)
    quantity: int | None = strawberry.field(
        default=UNSET, description=f"{QUANTITY} Not less than are taken; who waits gets what is added."
    )
    price_minor: MinorUnits | None = strawberry.field(
        default=UNSET, description=f"{PRICE} Who has registered keeps the price they had."
    )
    currency: str | None = strawberry.field(default=UNSET, description=CURRENCY)
    sales_start: datetime | None = strawberry.field(default=UNSET, description=START)
    sales_end: datetime | None = strawberry.field(default=UNSET, description=END)
    per_person_limit: int | None = strawberry.field(default=UNSET, description=LIMIT)
    access_code: str | None = strawberry.field(default=UNSET, description=CODE)
    cancellable_until: datetime | None = strawberry.field(default=UNSET, description=UNTIL)
    refund_percent: int | None = strawberry.field(default=UNSET, description=REFUND)


@strawberry.input(description="Which ticket type goes.")
class DeleteTicketTypeInput:
    ticket_type_id: strawberry.ID = strawberry.field(description=f"{OWN_TYPE} Nobody has registered for it.")


@strawberry.input(description="What you want a seat of.")
class RegisterForEventInput:
    ticket_type_id: strawberry.ID = strawberry.field(description="One that is on sale.")
    access_code: str | None = strawberry.field(default=None, description="Its code, when it is hidden.")
    join_waitlist: bool = strawberry.field(
        default=False, description="When every seat is taken: wait for one, in the order of asking."
    )


@strawberry.input(description="What is given up.")
class CancelRegistrationInput:
    registration_id: strawberry.ID = strawberry.field(
        description="One of yours, or for an event that you manage."
    )


@strawberry.input(description="Who gets your ticket.")
class TransferTicketInput:
    ticket_id: strawberry.ID = strawberry.field(description="One that you hold and nobody used.")
    user_id: strawberry.ID = strawberry.field(description="Not yourself.")


@strawberry.input(description="Somebody at the door.")
class CheckInTicketInput:
    event_id: strawberry.ID = strawberry.field(description="The event whose door it is; you manage it.")
    code: str = strawberry.field(description="What the scanner read, or the confirmation code that was said.")
    scanned_at: datetime | None = strawberry.field(
        default=None, description="When it was read, by a scanner that was offline: up to two days ago."
    )


@strawberry.input(description="Somebody who did not come in after all.")
class UndoCheckInInput:
    ticket_id: strawberry.ID = strawberry.field(description="A ticket for an event that you manage.")
