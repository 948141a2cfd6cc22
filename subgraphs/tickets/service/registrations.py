"""Seats: taken, waited for, given back. The store decides who gets one; what is read here says why somebody
did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from subgraphs.kit.acting import NOBODY, Acting, acting_of
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks
from subgraphs.tickets.codes import new_confirmation_code
from subgraphs.tickets.errors import limit_reached, not_cancellable, sales_closed, sold_out
from subgraphs.tickets.limits import Limits
from subgraphs.tickets.repository.protocol import RegistrationRepository, TicketTypeRepository
from subgraphs.tickets.service.rules import Clock, manages, opens, utc_now
from subgraphs.tickets.values import (
    EventId,
    HeldEvent,
    Hindrance,
    NewRegistration,
    PersonId,
    Reason,
    Registration,
    RegistrationId,
    RegistrationStatus,
    TicketType,
    TicketTypeId,
)

HOLD = timedelta(minutes=15)
"""A seat is held so long for who has to pay."""
TRIES = 4
"""Seats may come and go between being refused one and joining the queue."""
ENDED = frozenset({RegistrationStatus.CANCELLED, RegistrationStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class Registrations:
    registrations: RegistrationRepository
    types: TicketTypeRepository
    limits: Limits
    now: Clock = utc_now

    async def register(
        self,
        viewer: Viewer,
        kind_id: TicketTypeId,
        code: str | None,
        checks: Checks,
        actor: Actor,
        *,
        may_wait: bool,
    ) -> Registration:
        """Raises Refused (NotFound, SoldOut, SalesClosed, TicketLimitReached, Conflict), RateLimited."""
        checks.done()
        await self.limits.register(viewer.id)
        who = acting_of(viewer)
        kind, event = await self._find(kind_id, who)
        if kind.access_code_hash is not None and not manages(viewer, event):
            if code is not None:
                await self.limits.access_code(str(viewer.id))
            if not opens(kind, code):
                raise Refused(not_found("ticket type", "ticketTypeId"))
        if kind.sold_count >= kind.quantity and not may_wait:
            raise sold_out(kind)
        return await self._add(viewer, kind, event, who, actor, may_wait=may_wait)

    async def cancel(
        self, viewer: Viewer, registration_id: RegistrationId, checks: Checks, actor: Actor
    ) -> Registration:
        """By who registered, as the type's rules say; by who manages the event at any time, with everything
        paid going back. One that has ended stays so. Raises Refused (NotFound, NotCancellable).
        """
        checks.done()
        who = acting_of(viewer)
        found = (await self.registrations.find_by_ids([registration_id], who)).get(registration_id)
        if found is None:
            raise Refused(not_found("registration", "registrationId"))
        if found.status in ENDED:
            return found
        kind, event = await self._find(found.ticket_type_id, who)
        reason, percent = Reason.BY_STAFF, 100
        if found.user_id == viewer.id or not manages(viewer, event):
            self._require_in_time(found, kind, event)
            reason, percent = Reason.CANCELLED, kind.refund_percent
        ended = await self.registrations.cancel(registration_id, reason, percent, who, actor)
        if ended is None:
            raise not_cancellable("Somebody came in with its ticket.", None)
        return ended

    async def find_by_ids(
        self, ids: Sequence[RegistrationId], viewer: Viewer | None
    ) -> Mapping[RegistrationId, Registration]:
        return await self.registrations.find_by_ids(ids, acting_of(viewer))

    async def list_own(self, viewer: Viewer, page: PageRequest) -> Page[Registration]:
        return await self.registrations.list_of_person(acting_of(viewer), page)

    async def count_own(self, viewer: Viewer) -> int:
        return await self.registrations.count_of_person(acting_of(viewer))

    async def list_of_event(
        self, viewer: Viewer, event: EventId, status: RegistrationStatus | None, page: PageRequest
    ) -> Page[Registration]:
        """For who manages it; others see their own alone, as the store's policies say."""
        return await self.registrations.list_of_event(event, status, acting_of(viewer), page)

    async def count_of_event(self, viewer: Viewer, event: EventId, status: RegistrationStatus | None) -> int:
        return await self.registrations.count_of_event(event, status, acting_of(viewer))

    async def list_own_of_events(
        self, viewer: Viewer, events: Sequence[EventId]
    ) -> Mapping[EventId, Sequence[Registration]]:
        return await self.registrations.list_own_of_events(events, acting_of(viewer))

    async def places_in_queue(
        self, ids: Sequence[RegistrationId], viewer: Viewer | None
    ) -> Mapping[RegistrationId, int]:
        return await self.registrations.places_in_queue(ids, acting_of(viewer))

    async def _find(self, kind_id: TicketTypeId, who: Acting) -> tuple[TicketType, HeldEvent]:
        """What everybody sees is read without saying who asks: one statement and no transaction."""
        offer = await self.types.find_offer(kind_id, NOBODY) or await self.types.find_offer(kind_id, who)
        if offer is None:
            raise Refused(not_found("ticket type", "ticketTypeId"))
        return offer

    async def _add(
        self, viewer: Viewer, kind: TicketType, event: HeldEvent, who: Acting, actor: Actor, *, may_wait: bool
    ) -> Registration:
        waits = False
        for _ in range(TRIES):
            new = self._new(viewer, kind, waits=waits)
            match await self.registrations.add(new, event, who, actor):
                case Registration() as added:
                    return added
                case Hindrance.SOLD_OUT if may_wait:
                    waits = True
                case Hindrance.SEAT_FREE:
                    waits = False
                case Hindrance() as hindrance:
                    raise self._why_not(hindrance, kind, event)
        raise Refused(conflict("Seats come and go at this moment. Try again.", "ticketTypeId"))

    def _new(self, viewer: Viewer, kind: TicketType, *, waits: bool) -> NewRegistration:
        status = RegistrationStatus.PENDING if kind.price_minor else RegistrationStatus.CONFIRMED
        held = self.now() + HOLD if kind.price_minor and not waits else None
        return NewRegistration(
            id=RegistrationId(uuid4()),
            event_id=kind.event_id,
            ticket_type_id=kind.id,
            user_id=PersonId(viewer.id),
            status=RegistrationStatus.WAITLISTED if waits else status,
            confirmation_code=new_confirmation_code(),
            price_minor=kind.price_minor,
            currency=kind.currency,
            held_until=held,
        )

    def _why_not(self, hindrance: Hindrance, kind: TicketType, event: HeldEvent) -> Refused:
        match hindrance:
            case Hindrance.SOLD_OUT:
                return sold_out(kind)
            case Hindrance.LIMIT_REACHED:
                return limit_reached(kind.per_person_limit)
            case Hindrance.NOT_ON_SALE:
                return sales_closed("It is not on sale now.", kind)
            case Hindrance.EVENT_CLOSED:
                return sales_closed(_closed(event, self.now()), kind)
            case Hindrance.TYPE_GONE:
                return Refused(not_found("ticket type", "ticketTypeId"))
            case _:
                return Refused(conflict("Its price has just changed. Look at it again.", "ticketTypeId"))

    def _require_in_time(self, found: Registration, kind: TicketType, event: HeldEvent) -> None:
        """Who only waits, or has not paid yet, may always give up."""
        if found.status is not RegistrationStatus.CONFIRMED:
            return
        until = min(kind.cancellable_until or event.starts_at, event.starts_at)
        if self.now() >= until:
            raise not_cancellable("It is too late to give it up.", until)


def _closed(event: HeldEvent, now: datetime) -> str:
    if event.status == "DRAFT":
        return "The event is not published yet."
    if event.status == "CANCELLED":
        return "The event was cancelled."
    return "The event is over." if event.ends_at <= now else "The event is not open."
