"""What the tickets domain tells the others: topic `tickets.registration`, one registration's in order.

RegistrationReserved     a seat is held: somebody has to pay `amount_minor` until `held_until`
RegistrationWaitlisted   it stands in the queue
RegistrationConfirmed    there is a ticket
RegistrationCancelled    it has ended, for `reason`; `refund_minor` of what was paid goes back
RegistrationExpired      it was not paid in time: nothing may be paid any longer, what was goes back
RegistrationRefundDue    a payment came after it had ended: `refund_minor` goes back
TicketTransferred        somebody else holds the ticket: `from_id`, `to_id`
TicketCheckedIn          somebody came in: `check_in_id`, `ticket_id`, `user_id` who held it
TicketCheckInUndone      that was a mistake: the same, of that check-in
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from subgraphs.kit.outbox import Message
from subgraphs.tickets.values import (
    HeldEvent,
    NewRegistration,
    PersonId,
    Registration,
    RegistrationStatus,
    Ticket,
)

TOPIC = "tickets.registration"
BECAME = {
    RegistrationStatus.PENDING: "RegistrationReserved",
    RegistrationStatus.WAITLISTED: "RegistrationWaitlisted",
    RegistrationStatus.CONFIRMED: "RegistrationConfirmed",
    RegistrationStatus.CANCELLED: "RegistrationCancelled",
    RegistrationStatus.EXPIRED: "RegistrationExpired",
}


def reserved(new: NewRegistration, event: HeldEvent) -> Message:
    """Of one that is about to be added: the transaction is rolled back if it is not."""
    facts = _facts(new, event.host_id) | {"tenant_id": _text(event.tenant_id)}
    return Message(TOPIC, str(new.id), BECAME[new.status], facts)


def became(
    registration: Registration, host: PersonId, *, was: RegistrationStatus | None = None, refund: int = 0
) -> Message:
    facts = _facts(registration, host) | {
        "tenant_id": _text(registration.tenant_id),
        "reason": registration.reason,
        "refund_minor": refund,
        "was": None if was is None else was.value,
    }
    return Message(TOPIC, str(registration.id), BECAME[registration.status], facts)


def refund_due(registration: Registration, payment: str) -> Message:
    facts = {"payment_id": payment, "refund_minor": registration.price_minor}
    return Message(TOPIC, str(registration.id), "RegistrationRefundDue", facts)


def happened(registration: object, kind: str, facts: Mapping[str, object]) -> Message:
    return Message(TOPIC, str(registration), kind, {name: _text(value) for name, value in facts.items()})


def at_the_door(kind: str, ticket: Ticket, check_in: UUID) -> Message:
    facts = {"check_in_id": check_in, "ticket_id": ticket.id, "event_id": ticket.event_id}
    return happened(ticket.registration_id, kind, facts | {"user_id": ticket.holder_id})


def _facts(registration: Registration | NewRegistration, host: PersonId) -> dict[str, object]:
    held = registration.held_until
    return {
        "event_id": str(registration.event_id),
        "host_id": str(host),
        "ticket_type_id": str(registration.ticket_type_id),
        "user_id": str(registration.user_id),
        "amount_minor": registration.price_minor,
        "currency": registration.currency,
        "held_until": None if held is None else held.isoformat(),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
