"""Invitations to events in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry.types import Info

from subgraphs.events import enums as _described  # noqa: F401 -- before they are used
from subgraphs.events import values
from subgraphs.events.loaders import EventsContext
from subgraphs.kit.connections import Connection, Counter, connection
from subgraphs.kit.pages import Ordering, Page

if TYPE_CHECKING:
    from subgraphs.events.types import Event, User

EventsInfo: TypeAlias = Info[EventsContext, None]
LazyUser = Annotated["User", strawberry.lazy(__name__.rpartition(".")[0])]
LazyEvent = Annotated["Event", strawberry.lazy(__name__.rpartition(".")[0])]


@strawberry.type(description="Somebody asked somebody else to an event.")
class EventInvitation:
    record: strawberry.Private[values.Invitation]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    inviter: LazyUser | None = strawberry.field(description="Who asked.")
    invitee: LazyUser | None = strawberry.field(description="Who was asked.")
    status: values.InvitationStatus = strawberry.field(description="What came of it.")
    created_at: datetime = strawberry.field(description="When they were asked.")
    answered_at: datetime | None = strawberry.field(description="When they answered.")

    @strawberry.field(description="To what; null when you may not see it any longer.")
    def event(self, info: EventsInfo) -> LazyEvent | None:
        from subgraphs.events.types import event_type

        return info.context.loaders.by_id.found(self.record.event_id, event_type)


@strawberry.type(description="How many invitations came to what.")
class EventInvitationCounts:
    sent: int = strawberry.field(description="All of them.")
    pending: int = strawberry.field(description="Those without an answer.")
    accepted: int = strawberry.field(description="Those who said they come.")
    declined: int = strawberry.field(description="Those who would not.")


def invitation_type(invitation: values.Invitation) -> EventInvitation:
    from subgraphs.events.types import User

    return EventInvitation(
        record=invitation,
        id=strawberry.ID(str(invitation.id)),
        inviter=User(id=strawberry.ID(str(invitation.inviter_id))),
        invitee=User(id=strawberry.ID(str(invitation.invitee_id))),
        status=invitation.status,
        created_at=invitation.created_at,
        answered_at=invitation.answered_at,
    )


def invitation_connection(
    page: Page[values.Invitation], ordering: Ordering, counter: Counter
) -> Connection[EventInvitation]:
    return connection(page, invitation_type, lambda each: ordering.cursor(each.position), counter)
