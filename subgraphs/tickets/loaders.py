"""The tickets domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.audit import Actor
from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request
from subgraphs.tickets.codes import AttendanceCodes
from subgraphs.tickets.service import Registrations, Tickets, TicketTypes
from subgraphs.tickets.values import (
    CheckIn,
    EventId,
    HeldEvent,
    Registration,
    RegistrationId,
    Ticket,
    TicketId,
    TicketType,
    TicketTypeId,
)

TypesKey = tuple[EventId, str | None]
"""An event, and the code of a hidden type that was said."""


@dataclass(frozen=True, slots=True)
class TicketLoaders:
    event: Loader[EventId, HeldEvent | None]
    type: Loader[TicketTypeId, TicketType | None]
    types_of_event: Loader[TypesKey, Sequence[TicketType] | None]
    registration: Loader[RegistrationId, Registration | None]
    own_of_event: Loader[EventId, Sequence[Registration] | None]
    place: Loader[RegistrationId, int | None]
    ticket: Loader[TicketId, Ticket | None]
    ticket_of: Loader[RegistrationId, Ticket | None]
    check_in: Loader[TicketId, CheckIn | None]
    check_in_count: Loader[EventId, int | None]


@dataclass(frozen=True, slots=True)
class TicketsContext:
    request: Request
    types: TicketTypes
    registrations: Registrations
    tickets: Tickets
    codes: AttendanceCodes
    loaders: TicketLoaders

    @property
    def actor(self) -> Actor:
        return self.request.actor


def tickets_context(
    request: Request,
    types: TicketTypes,
    registrations: Registrations,
    tickets: Tickets,
    codes: AttendanceCodes,
) -> TicketsContext:
    viewer = request.known_viewer

    async def events(ids: Sequence[EventId]) -> Mapping[EventId, HeldEvent]:
        return await types.find_events(ids, viewer)

    async def by_id(ids: Sequence[TicketTypeId]) -> Mapping[TicketTypeId, TicketType]:
        return await types.find_by_ids(ids, viewer)

    async def types_of_events(keys: Sequence[TypesKey]) -> Mapping[TypesKey, Sequence[TicketType]]:
        address, found = request.client_address, dict[TypesKey, Sequence[TicketType]]()
        for code in dict.fromkeys(code for _, code in keys):
            wanted = [event for event, said in keys if said == code]
            listed = await types.list_of_events(wanted, viewer, code, address)
            found |= {(event, code): kinds for event, kinds in listed.items()}
        return found

    async def registration(ids: Sequence[RegistrationId]) -> Mapping[RegistrationId, Registration]:
        return await registrations.find_by_ids(ids, viewer)

    async def own_of_events(ids: Sequence[EventId]) -> Mapping[EventId, Sequence[Registration]]:
        return await registrations.list_own_of_events(request.require_viewer(), ids)

    async def places(ids: Sequence[RegistrationId]) -> Mapping[RegistrationId, int]:
        return await registrations.places_in_queue(ids, viewer)

    async def ticket(ids: Sequence[TicketId]) -> Mapping[TicketId, Ticket]:
        return await tickets.find_by_ids(ids, viewer)

    async def ticket_of(ids: Sequence[RegistrationId]) -> Mapping[RegistrationId, Ticket]:
        return await tickets.find_of_registrations(ids, viewer)

    async def check_ins(ids: Sequence[TicketId]) -> Mapping[TicketId, CheckIn]:
        return await tickets.find_check_ins(ids, viewer)

    async def check_in_counts(ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await tickets.count_check_ins(ids, viewer)

    loaders = TicketLoaders(
        event=loader(events),
        type=loader(by_id),
        types_of_event=loader(types_of_events),
        registration=loader(registration),
        own_of_event=loader(own_of_events),
        place=loader(places),
        ticket=loader(ticket),
        ticket_of=loader(ticket_of),
        check_in=loader(check_ins),
        check_in_count=loader(check_in_counts),
    )
    return TicketsContext(request, types, registrations, tickets, codes, loaders)
