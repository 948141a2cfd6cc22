"""Tickets: shown to who holds them, handed on, and checked in at the door.

A scanner that was offline sends what it scanned later, with the time of the scan; it knew a good code by the
public key. Of two that let the same ticket in the second hears when the first did; the same scan, sent twice,
is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from subgraphs.kit.acting import Acting, acting_of
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.tickets.codes import AttendanceCodes, as_confirmation_code
from subgraphs.tickets.errors import already_checked_in, ticket_not_valid
from subgraphs.tickets.limits import Limits
from subgraphs.tickets.repository.protocol import TicketRepository
from subgraphs.tickets.service.rules import Clock, utc_now
from subgraphs.tickets.service.ticket_types import TicketTypes
from subgraphs.tickets.values import (
    CheckIn,
    EventId,
    HeldEvent,
    PersonId,
    RegistrationId,
    Ticket,
    TicketId,
    TicketStatus,
)

SKEW = timedelta(minutes=5)
"""A scanner's clock may be ahead by so much."""
OFFLINE = timedelta(days=2)
"""A scanner may bring what it scanned so much later."""
DOORS_OPEN = timedelta(hours=12)
"""Before the event starts."""
NO_SUCH_CODE = "This is not the code of a ticket for this event."


@dataclass(frozen=True, slots=True)
class Tickets:
    tickets: TicketRepository
    types: TicketTypes
    codes: AttendanceCodes
    limits: Limits
    now: Clock = utc_now

    async def find_by_ids(self, ids: Sequence[TicketId], viewer: Viewer | None) -> Mapping[TicketId, Ticket]:
        return await self.tickets.find_by_ids(ids, acting_of(viewer))

    async def find_of_registrations(
        self, ids: Sequence[RegistrationId], viewer: Viewer | None
    ) -> Mapping[RegistrationId, Ticket]:
        return await self.tickets.find_of_registrations(ids, acting_of(viewer))

    async def list_held(self, viewer: Viewer, page: PageRequest) -> Page[Ticket]:
        return await self.tickets.list_held(acting_of(viewer), page)

    async def count_held(self, viewer: Viewer) -> int:
        return await self.tickets.count_held(acting_of(viewer))

    async def find_check_ins(
        self, ids: Sequence[TicketId], viewer: Viewer | None
    ) -> Mapping[TicketId, CheckIn]:
        return await self.tickets.find_check_ins(ids, acting_of(viewer))

    async def count_check_ins(
        self, events: Sequence[EventId], viewer: Viewer | None
    ) -> Mapping[EventId, int]:
        return await self.tickets.count_check_ins(events, acting_of(viewer))

    async def transfer(
        self, viewer: Viewer, ticket: TicketId, to: PersonId, checks: Checks, actor: Actor
    ) -> Ticket:
        """Its code is another one then. Raises Refused (InvalidInput, NotFound, TicketNotValid)."""
        checks.require(to != viewer.id, "userId", "It is yours already.")
        checks.done()
        who = acting_of(viewer)
        given = await self.tickets.transfer(ticket, to, who, actor)
        if given is not None:
            return given
        found = (await self.tickets.find_by_ids([ticket], who)).get(ticket)
        if found is None or found.holder_id != viewer.id:
            raise Refused(not_found("ticket", "ticketId"))
        raise ticket_not_valid("A ticket that is void, used or over is not handed on.", "ticketId")

    async def check_in(
        self,
        viewer: Viewer,
        event_id: EventId,
        code: str,
        scanned_at: datetime | None,
        checks: Checks,
        actor: Actor,
    ) -> Ticket:
        """By who manages the event. Raises Refused (InvalidInput, NotFound, TicketNotValid,
        AlreadyCheckedIn), Forbidden, RateLimited for codes that are typed.
        """
        now = self.now()
        scanned = scanned_at or now
        checks.require(scanned <= now + SKEW, "scannedAt", "That is in the future.")
        checks.require(scanned >= now - OFFLINE, "scannedAt", "That was too long ago.")
        checks.done()
        event = await self.types.get_managed(viewer, event_id)
        who = acting_of(viewer)
        ticket = await self._find(code, event_id, viewer, who)
        if ticket is None:
            raise ticket_not_valid(NO_SUCH_CODE)
        _require_open(ticket, event, scanned)
        stands = await self.tickets.check_in(ticket, scanned, who, actor)
        is_this = stands.checked_in_by == viewer.id and stands.scanned_at == scanned
        if not is_this:
            raise already_checked_in(stands)
        return ticket

    async def undo_check_in(
        self, viewer: Viewer, ticket_id: TicketId, checks: Checks, actor: Actor
    ) -> Ticket:
        """A mistake at the door. Raises Refused (NotFound), Forbidden."""
        checks.done()
        who = acting_of(viewer)
        ticket = (await self.tickets.find_by_ids([ticket_id], who)).get(ticket_id)
        if ticket is None:
            raise Refused(not_found("ticket", "ticketId"))
        await self.types.get_managed(viewer, ticket.event_id)
        await self.tickets.undo_check_in(ticket, who, actor)
        return ticket

    async def _find(self, code: str, event: EventId, viewer: Viewer, who: Acting) -> Ticket | None:
        """By the code in the picture, or the one that people say: what we did not sign is limited."""
        if (read := self.codes.read(code)) is not None:
            ticket = (await self.tickets.find_by_ids([read[0]], who)).get(read[0])
            right = ticket is not None and ticket.code_serial == read[1] and ticket.event_id == event
            return ticket if right else None
        await self.limits.typed_code(viewer.id)
        said = as_confirmation_code(code)
        return None if said is None else await self.tickets.find_by_confirmation_code(said, event, who)


def _require_open(ticket: Ticket, event: HeldEvent, scanned: datetime) -> None:
    if ticket.status is not TicketStatus.VALID:
        raise ticket_not_valid("The ticket is void: its registration was cancelled.")
    if scanned < event.starts_at - DOORS_OPEN:
        raise ticket_not_valid("The doors are not open yet.")
    if event.status == "CANCELLED":
        raise ticket_not_valid("The event was cancelled.")
