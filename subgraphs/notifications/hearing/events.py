"""Invitations to events, questions about them, registrations, tickets and payments. Who hears that an event
is moved: repository/seats.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from subgraphs.kit.outbox import Message
from subgraphs.notifications.hearing.reading import Payload, facts, maybe, person
from subgraphs.notifications.values import Kind, Meaning, Notice, Subjects, Withdrawal

ENDS = {"BY_STAFF": Kind.REGISTRATION_ENDED, "EVENT_CANCELLED": Kind.EVENT_CANCELLED} | dict.fromkeys(
    ("PAYMENT_FAILED", "NOT_PAID_IN_TIME"), Kind.REGISTRATION_ENDED
)
"""Who cancelled for themselves knows that; who is gone does not read."""


def of_invitations(message: Message) -> Iterator[Meaning]:
    if message.type != "InvitationsTold":
        return
    for row in message.payload["rows"]:
        yield from _invited(row)
    for row in message.payload["gone"]:
        yield Withdrawal(f"invitation {row['id']}")


def _invited(row: Payload) -> Iterator[Meaning]:
    inviter, invitee, event = person(row, "inviter_id"), person(row, "invitee_id"), UUID(row["event_id"])
    key, about = f"invitation {row['id']}", Subjects(event_id=event)
    if row["status"] == "PENDING":
        yield Notice(Kind.EVENT_INVITED, invitee, key, f"invitations {event}", inviter, about=about)
        return
    yield Withdrawal(key)
    if row["status"] == "ACCEPTED":
        accepted, group = f"accepted invitation {row['id']}", f"accepted invitations {event}"
        yield Notice(Kind.INVITATION_ACCEPTED, inviter, accepted, group, invitee, about=about)


def of_questions(message: Message) -> Iterator[Meaning]:
    """One that is deleted or hidden is no news to its host any longer, an answer that is taken back none to
    who asked.
    """
    asked, answered, told = f"question {message.key}", f"answered {message.key}", message.payload
    if message.type == "QuestionGone":
        yield Withdrawal(asked)
    if message.type in ("QuestionGone", "QuestionUnanswered"):
        yield Withdrawal(answered)
    if message.type not in ("QuestionAsked", "QuestionAnswered"):
        return
    event, asker = UUID(told["event_id"]), person(told, "user_id")
    about = Subjects(event_id=event)
    if message.type == "QuestionAsked":
        kind, host = Kind.EVENT_QUESTION_ASKED, person(told, "host_id")
        yield Notice(kind, host, asked, f"questions {event}", asker, about=about)
        return
    kind, actor = Kind.EVENT_QUESTION_ANSWERED, person(told, "answered_by")
    yield Notice(kind, asker, answered, answered, actor, about=about)


def of_registrations(message: Message) -> Iterator[Meaning]:
    told, registration = message.payload, UUID(message.key)
    if message.type == "TicketTransferred":
        key, about = f"ticket {told['ticket_id']} {told['to_id']}", Subjects(event_id=UUID(told["event_id"]))
        sender = person(told, "from_id")
        yield Notice(Kind.TICKET_RECEIVED, person(told, "to_id"), key, key, sender, about=about)
        return
    if not message.type.startswith("Registration") or "user_id" not in told:
        return
    about = Subjects(event_id=UUID(told["event_id"]), registration_id=registration)
    kind = _became(message)
    if kind is not None:
        key = f"registration {registration} {kind.value}"
        known = facts(told, "amount_minor", "currency", "held_until", "reason", "refund_minor")
        yield Notice(kind, person(told, "user_id"), key, key, about=about, facts=known)
    if message.type == "RegistrationConfirmed":
        key, group = f"registered {registration}", f"registrations {told['event_id']}"
        event, host = Subjects(event_id=about.event_id), person(told, "host_id")
        received = Kind.REGISTRATION_RECEIVED
        yield Notice(received, host, key, group, person(told, "user_id"), about=event)
    elif message.type in ("RegistrationCancelled", "RegistrationExpired"):
        yield Withdrawal(f"registered {registration}")


def _became(message: Message) -> Kind | None:
    match message.type:
        case "RegistrationConfirmed":
            return Kind.REGISTRATION_CONFIRMED
        case "RegistrationWaitlisted":
            return Kind.REGISTRATION_WAITLISTED
        case "RegistrationReserved" if message.payload.get("was") == "WAITLISTED":
            return Kind.SEAT_OFFERED
        case "RegistrationCancelled" | "RegistrationExpired":
            return ENDS.get(message.payload.get("reason") or "")
        case _:
            return None


PAID = {
    "PaymentSucceeded": Kind.PAYMENT_SUCCEEDED,
    "PaymentFailed": Kind.PAYMENT_FAILED,
    "RefundSucceeded": Kind.REFUND_SUCCEEDED,
}


def of_payments(message: Message) -> Iterator[Meaning]:
    kind, told = PAID.get(message.type), message.payload
    if kind is None:
        return
    about = Subjects(event_id=maybe(told, "event_id"), registration_id=maybe(told, "registration_id"))
    # A payment is refunded in parts, each with a message of its own; of the rest there is one.
    what = message.id if kind is Kind.REFUND_SUCCEEDED else message.key
    key = f"{kind.value} {what}"
    known = facts(told, "amount_minor", "currency")
    yield Notice(kind, person(told, "user_id"), key, key, about=about, facts=known)
