"""What the services ask of a store. `who` is who will see the answer, or who writes: what they may not see is
not there, what they may not write stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from subgraphs.kit.acting import Acting
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.tickets.values import (
    CheckIn,
    EventId,
    HeldEvent,
    Hindrance,
    NewRegistration,
    NewTicketType,
    PersonId,
    Reason,
    Registration,
    RegistrationId,
    RegistrationStatus,
    Ticket,
    TicketId,
    TicketType,
    TicketTypeId,
    TypeChange,
)


class TicketTypeRepository(Protocol):
    async def find_events(self, ids: Sequence[EventId], who: Acting) -> Mapping[EventId, HeldEvent]: ...

    async def find_by_ids(
        self, ids: Sequence[TicketTypeId], who: Acting
    ) -> Mapping[TicketTypeId, TicketType]: ...

    async def find_offer(self, kind: TicketTypeId, who: Acting) -> tuple[TicketType, HeldEvent] | None:
        """A type with its event."""
        ...

    async def list_of_events(
        self, events: Sequence[EventId], who: Acting
    ) -> Mapping[EventId, Sequence[TicketType]]:
        """In the order they were made, hidden ones too."""
        ...

    async def add(self, kind: NewTicketType, who: Acting, actor: Actor, most: int) -> TicketType | None:
        """None when the event has `most` already."""
        ...

    async def update(
        self, kind: TicketTypeId, change: TypeChange, who: Acting, actor: Actor
    ) -> TicketType | str | None:
        """As it is now; who waits gets the seats that came with it. The name of the constraint that it would
        break, or None when there is no such type of the writer's.
        """
        ...

    async def remove(self, kind: TicketTypeId, who: Acting, actor: Actor) -> bool:
        """False when somebody has registered for it, ever."""
        ...


class RegistrationRepository(Protocol):
    async def add(
        self, new: NewRegistration, event: HeldEvent, who: Acting, actor: Actor
    ) -> Registration | Hindrance:
        """Takes a seat, or a place in the queue, if the store allows it."""
        ...

    async def cancel(
        self, registration: RegistrationId, reason: Reason, percent: int, who: Acting, actor: Actor
    ) -> Registration | None:
        """The seat goes to who waits, `percent` of what was paid goes back. One that has ended stays as it
        is. None when somebody is in with its ticket.
        """
        ...

    async def find_by_ids(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, Registration]: ...

    async def list_of_person(self, who: Acting, page: PageRequest) -> Page[Registration]: ...

    async def count_of_person(self, who: Acting) -> int: ...

    async def list_of_event(
        self, event: EventId, status: RegistrationStatus | None, who: Acting, page: PageRequest
    ) -> Page[Registration]: ...

    async def count_of_event(self, event: EventId, status: RegistrationStatus | None, who: Acting) -> int: ...

    async def list_own_of_events(
        self, events: Sequence[EventId], who: Acting
    ) -> Mapping[EventId, Sequence[Registration]]:
        """The writer's own that have not ended."""
        ...

    async def places_in_queue(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, int]:
        """How many are before each, and itself."""
        ...


class TicketRepository(Protocol):
    async def find_by_ids(self, ids: Sequence[TicketId], who: Acting) -> Mapping[TicketId, Ticket]: ...

    async def find_of_registrations(
        self, ids: Sequence[RegistrationId], who: Acting
    ) -> Mapping[RegistrationId, Ticket]: ...

    async def find_by_confirmation_code(self, code: str, event: EventId, who: Acting) -> Ticket | None: ...

    async def list_held(self, who: Acting, page: PageRequest) -> Page[Ticket]: ...

    async def count_held(self, who: Acting) -> int: ...

    async def transfer(self, ticket: TicketId, to: PersonId, who: Acting, actor: Actor) -> Ticket | None:
        """None when it is not the writer's to give: not theirs, void, used, or the event is over."""
        ...

    async def check_in(self, ticket: Ticket, scanned_at: datetime, who: Acting, actor: Actor) -> CheckIn:
        """The check-in that stands: this one, or the one before it."""
        ...

    async def undo_check_in(self, ticket: Ticket, who: Acting, actor: Actor) -> bool: ...

    async def find_check_ins(self, ids: Sequence[TicketId], who: Acting) -> Mapping[TicketId, CheckIn]: ...

    async def count_check_ins(self, events: Sequence[EventId], who: Acting) -> Mapping[EventId, int]: ...
