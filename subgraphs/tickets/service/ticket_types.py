"""What is sold for an event: made and changed by who manages it, shown to who may see the event, hidden
behind a code where it has one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from subgraphs.kit.acting import Acting, acting_of
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.money import check_currency
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.tickets.limits import Limits
from subgraphs.tickets.repository.protocol import TicketTypeRepository
from subgraphs.tickets.service.rules import access_code_hash, manages, opens
from subgraphs.tickets.values import (
    EventId,
    HeldEvent,
    NewTicketType,
    TicketType,
    TicketTypeId,
    TypeChange,
)

MOST_TYPES = 50
MOST_SEATS = 1_000_000
MOST_PER_PERSON = 100
NOT_YOURS = "Only who manages the event may do this."
BROKEN = {
    "ticket_types_seats": ("There are more registrations than that already.", "quantity"),
    "ticket_types_price": ("What costs has a currency.", "currency"),
    "ticket_types_sales": ("Sales end after they start.", "salesEnd"),
}


@dataclass(frozen=True, slots=True)
class TicketTypes:
    types: TicketTypeRepository
    limits: Limits

    async def find_events(self, ids: Sequence[EventId], viewer: Viewer | None) -> Mapping[EventId, HeldEvent]:
        return await self.types.find_events(ids, acting_of(viewer))

    async def find_by_ids(
        self, ids: Sequence[TicketTypeId], viewer: Viewer | None
    ) -> Mapping[TicketTypeId, TicketType]:
        """Hidden ones too: whoever has such an id was shown it, or bought it."""
        return await self.types.find_by_ids(ids, acting_of(viewer))

    async def list_of_events(
        self, ids: Sequence[EventId], viewer: Viewer | None, code: str | None, address: str
    ) -> Mapping[EventId, Sequence[TicketType]]:
        """Hidden ones only for who manages the event, or says their code. Raises RateLimited for a code."""
        who = acting_of(viewer)
        if code is not None:
            await self.limits.access_code(address)
        listed = await self.types.list_of_events(ids, who)
        if not any(kind.access_code_hash for kinds in listed.values() for kind in kinds):
            return listed
        events = await self.types.find_events(ids, who)
        return {
            event: [kind for kind in kinds if opens(kind, code) or manages(viewer, events.get(event))]
            for event, kinds in listed.items()
        }

    async def create(
        self, viewer: Viewer, event_id: EventId, columns: Mapping[str, Any], checks: Checks, actor: Actor
    ) -> TicketType:
        """Raises Refused (InvalidInput, NotFound, Conflict), Forbidden."""
        kept = _checked(checks, columns)
        _check_together(checks, kept)
        checks.done()
        await self.get_managed(viewer, event_id)
        new = NewTicketType(id=TicketTypeId(uuid4()), event_id=event_id, **kept)
        made = await self.types.add(new, acting_of(viewer), actor, MOST_TYPES)
        if made is None:
            raise Refused(conflict(f"An event has at most {MOST_TYPES} ticket types.", "eventId"))
        return made

    async def update(
        self, viewer: Viewer, kind: TicketTypeId, columns: Mapping[str, Any], checks: Checks, actor: Actor
    ) -> TicketType:
        """Raises Refused (InvalidInput, NotFound), Forbidden. Who has registered keeps the price they had."""
        kept = _checked(checks, columns)
        checks.done()
        who = acting_of(viewer)
        await self._get_managed_type(viewer, kind, who)
        changed = await self.types.update(kind, TypeChange(kept), who, actor)
        if changed is None:
            raise Refused(not_found("ticket type", "ticketTypeId"))
        if isinstance(changed, str):
            raise Refused(invalid(*BROKEN.get(changed, ("This does not fit together.", "ticketTypeId"))))
        return changed

    async def remove(self, viewer: Viewer, kind: TicketTypeId, checks: Checks, actor: Actor) -> TicketTypeId:
        """Raises Refused (NotFound; Conflict when somebody has ever registered), Forbidden."""
        checks.done()
        who = acting_of(viewer)
        await self._get_managed_type(viewer, kind, who)
        if not await self.types.remove(kind, who, actor):
            raise Refused(conflict("Somebody has registered: end its sales instead.", "ticketTypeId"))
        return kind

    async def get_managed(self, viewer: Viewer, event_id: EventId) -> HeldEvent:
        """Raises Refused (NotFound), Forbidden."""
        event = (await self.types.find_events([event_id], acting_of(viewer))).get(event_id)
        if event is None:
            raise Refused(not_found("event", "eventId"))
        if not manages(viewer, event):
            raise Forbidden(NOT_YOURS)
        return event

    async def _get_managed_type(self, viewer: Viewer, kind: TicketTypeId, who: Acting) -> TicketType:
        found = (await self.types.find_by_ids([kind], who)).get(kind)
        if found is None:
            raise Refused(not_found("ticket type", "ticketTypeId"))
        await self.get_managed(viewer, found.event_id)
        return found


def _checked(checks: Checks, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as they are stored."""
    kept = dict(columns)
    if "name" in columns:
        kept["name"] = checks.line(columns["name"], "name", "The name", least=1, most=200)
    if "description" in columns:
        kept["description"] = checks.prose(
            columns["description"], "description", "The description", most=2000
        )
    for name, at, most in (
        ("quantity", "quantity", MOST_SEATS),
        ("per_person_limit", "perPersonLimit", MOST_PER_PERSON),
    ):
        if name in columns:
            checks.require(1 <= columns[name] <= most, at, f"Between 1 and {most}.")
    if "refund_percent" in columns:
        checks.require(0 <= columns["refund_percent"] <= 100, "refundPercent", "Between 0 and 100.")
    if columns.get("currency") is not None:
        check_currency(checks, columns["currency"], "currency")
    code = kept.pop("access_code", None)
    if code is not None:
        code = checks.line(code, "accessCode", "The code", least=4, most=50)
    if "access_code" in columns:
        kept["access_code_hash"] = None if code is None else access_code_hash(code)
    return kept


def _check_together(checks: Checks, kept: Mapping[str, Any]) -> None:
    starts, ends = kept["sales_start"], kept["sales_end"]
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        checks.require(ends > starts, "salesEnd", BROKEN["ticket_types_sales"][0])
    has_currency = kept["currency"] is not None or kept["price_minor"] == 0
    checks.require(has_currency, "currency", BROKEN["ticket_types_price"][0])
