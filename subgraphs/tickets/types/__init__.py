"""The tickets domain in GraphQL. `User` and `Event` are other subgraphs' entities with our fields on them."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import strawberry
from strawberry import federation

from db.uuids import uuid_of
from subgraphs.kit.auth import Viewer
from subgraphs.kit.connections import Connection, PageArguments, connection, paged
from subgraphs.tickets import enums as _described  # noqa: F401 -- before they are used
from subgraphs.tickets import values
from subgraphs.tickets.service.rules import manages
from subgraphs.tickets.types.sold import (
    CheckIn,
    Registration,
    Ticket,
    TicketsInfo,
    TicketType,
    check_in_type,
    registration_type,
    ticket_type,
    ticket_type_type,
)

AccessCode = Annotated[
    str | None, strawberry.argument(description="The code of a hidden ticket type, to see it too.")
]
Status = Annotated[
    values.RegistrationStatus | None, strawberry.argument(description="Only those that are so.")
]


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @strawberry.field(
        description="The tickets they hold, newest first. For themselves; null for anyone else."
    )
    @paged
    async def tickets(self, info: TicketsInfo, asked: PageArguments) -> Connection[Ticket] | None:
        if (viewer := self._themselves(info)) is None:
            return None
        ordering, service = values.NEWEST_TICKETS, info.context.tickets
        page = await service.list_held(viewer, asked.of(ordering))
        count = partial(service.count_held, viewer)
        return connection(page, ticket_type, lambda each: ordering.cursor(each.position), count)

    @strawberry.field(
        description="What they registered for, newest first. For themselves; null for anyone else."
    )
    @paged
    async def registrations(self, info: TicketsInfo, asked: PageArguments) -> Connection[Registration] | None:
        if (viewer := self._themselves(info)) is None:
            return None
        ordering, service = values.NEWEST_REGISTRATIONS, info.context.registrations
        page = await service.list_own(viewer, asked.of(ordering))
        count = partial(service.count_own, viewer)
        return connection(page, registration_type, lambda each: ordering.cursor(each.position), count)

    def _themselves(self, info: TicketsInfo) -> Viewer | None:
        """The asker, if this is who they are."""
        viewer = info.context.request.known_viewer
        return viewer if viewer is not None and str(viewer.id) == self.id else None


@federation.type(keys=["id"], description="Something people come to.")
class Event:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(
        description="What is sold for it, in the order it was made; up to 50. Hidden ones are for who "
        "manages it, or says their code."
    )
    def ticket_types(self, info: TicketsInfo, access_code: AccessCode = None) -> list[TicketType] | None:
        key = (self._id, access_code)
        return info.context.loaders.types_of_event.answer(key, _types)

    @strawberry.field(description="What you registered for there and has not ended; null when not logged in.")
    def viewer_registrations(self, info: TicketsInfo) -> list[Registration] | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.own_of_event.answer(self._id, _registrations)

    @strawberry.field(
        description="Who registered, first come first. For who manages the event; null for anyone else."
    )
    @paged
    async def registrations(
        self, info: TicketsInfo, asked: PageArguments, status: Status = None
    ) -> Connection[Registration] | None:
        viewer = info.context.request.known_viewer
        if viewer is None or not manages(viewer, await info.context.loaders.event.load(self._id)):
            return None
        ordering, service = values.REGISTRATIONS_OF_EVENT, info.context.registrations
        page = await service.list_of_event(viewer, self._id, status, asked.of(ordering))
        count = partial(service.count_of_event, viewer, self._id, status)
        return connection(page, registration_type, lambda each: ordering.cursor(each.position), count)

    @strawberry.field(description="How many are in. For who manages the event; null for anyone else.")
    async def check_in_count(self, info: TicketsInfo) -> int | None:
        viewer = info.context.request.known_viewer
        if not manages(viewer, await info.context.loaders.event.load(self._id)):
            return None
        return await info.context.loaders.check_in_count.load(self._id) or 0

    @property
    def _id(self) -> values.EventId:
        return values.EventId(uuid_of(self.id))


def _types(kinds: Sequence[values.TicketType] | None) -> list[TicketType]:
    return [ticket_type_type(kind) for kind in kinds or ()]


def _registrations(found: Sequence[values.Registration] | None) -> list[Registration]:
    return [registration_type(each) for each in found or ()]


__all__ = [
    "CheckIn",
    "Event",
    "Registration",
    "Ticket",
    "TicketType",
    "TicketsInfo",
    "User",
    "check_in_type",
    "registration_type",
    "ticket_type",
    "ticket_type_type",
]
