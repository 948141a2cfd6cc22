"""The tickets domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from subgraphs.kit.audit import Actor
from subgraphs.kit.loading import Loader, loader, made_once
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


class TicketLoaders:
    """Each is made when it is first asked for."""

    def __init__(
        self, request: Request, types: TicketTypes, registrations: Registrations, tickets: Tickets
    ) -> None:
        self._request = request
        self._viewer = request.known_viewer
        self._types = types
        self._registrations = registrations
        self._tickets = tickets

    @made_once
    def event(self) -> Loader[EventId, HeldEvent | None]:
        return loader(self._events)

    @made_once
    def type(self) -> Loader[TicketTypeId, TicketType | None]:
        return loader(self._by_id)

    @made_once
    def types_of_event(self) -> Loader[TypesKey, Sequence[TicketType] | None]:
        return loader(self._types_of_events)

    @made_once
    def registration(self) -> Loader[RegistrationId, Registration | None]:
        return loader(self._registration)

    @made_once
    def own_of_event(self) -> Loader[EventId, Sequence[Registration] | None]:
        return loader(self._own_of_events)

    @made_once
    def place(self) -> Loader[RegistrationId, int | None]:
        return loader(self._places)

    @made_once
    def ticket(self) -> Loader[TicketId, Ticket | None]:
        return loader(self._ticket)

    @made_once
    def ticket_of(self) -> Loader[RegistrationId, Ticket | None]:
        return loader(self._ticket_of)

    @made_once
    def check_in(self) -> Loader[TicketId, CheckIn | None]:
        return loader(self._check_ins)

    @made_once
    def check_in_count(self) -> Loader[EventId, int | None]:
        return loader(self._check_in_counts)

    async def _events(self, ids: Sequence[EventId]) -> Mapping[EventId, HeldEvent]:
        return await self._types.find_events(ids, self._viewer)

    async def _by_id(self, ids: Sequence[TicketTypeId]) -> Mapping[TicketTypeId, TicketType]:
        return await self._types.find_by_ids(ids, self._viewer)

    async def _types_of_events(self, keys: Sequence[TypesKey]) -> Mapping[TypesKey, Sequence[TicketType]]:
        address, found = self._request.client_address, dict[TypesKey, Sequence[TicketType]]()
        for code in dict.fromkeys(code for _, code in keys):
            wanted = [event for event, said in keys if said == code]
            listed = await self._types.list_of_events(wanted, self._viewer, code, address)
            found |= {(event, code): kinds for event, kinds in listed.items()}
        return found

    async def _registration(self, ids: Sequence[RegistrationId]) -> Mapping[RegistrationId, Registration]:
        return await self._registrations.find_by_ids(ids, self._viewer)

    async def _own_of_events(self, ids: Sequence[EventId]) -> Mapping[EventId, Sequence[Registration]]:
        return await self._registrations.list_own_of_events(self._request.require_viewer(), ids)

    async def _places(self, ids: Sequence[RegistrationId]) -> Mapping[RegistrationId, int]:
        return await self._registrations.places_in_queue(ids, self._viewer)

    async def _ticket(self, ids: Sequence[TicketId]) -> Mapping[TicketId, Ticket]:
        return await self._tickets.find_by_ids(ids, self._viewer)

    async def _ticket_of(self, ids: Sequence[RegistrationId]) -> Mapping[RegistrationId, Ticket]:
        return await self._tickets.find_of_registrations(ids, self._viewer)

    async def _check_ins(self, ids: Sequence[TicketId]) -> Mapping[TicketId, CheckIn]:
        return await self._tickets.find_check_ins(ids, self._viewer)

    async def _check_in_counts(self, ids: Sequence[EventId]) -> Mapping[EventId, int]:
        return await self._tickets.count_check_ins(ids, self._viewer)


class TicketsContext(msgspec.Struct, frozen=True):
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
    loaders = TicketLoaders(request, types, registrations, tickets)
    return TicketsContext(request, types, registrations, tickets, codes, loaders)
