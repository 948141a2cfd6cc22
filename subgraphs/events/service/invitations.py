"""Invitations: who sees an event that is to come asks others to it, and they answer.

Whether there is such a person is the users domain's to know: one who is not, and one across a block, are
invited like anybody, and never answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subgraphs.events.errors import event_closed, event_full
from subgraphs.events.repository.protocol import InvitationRepository
from subgraphs.events.service.readers import Clock, reader_of, utc_now
from subgraphs.events.values import (
    AttendanceStatus,
    Event,
    EventId,
    EventStatus,
    HostId,
    Invitation,
    InvitationId,
    InvitationStatus,
    TooMany,
)
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks

MOST = 500
"""One person invites to one event."""


@dataclass(frozen=True, slots=True)
class Invitations:
    invitations: InvitationRepository
    now: Clock = utc_now

    async def invite(self, viewer: Viewer, event_id: EventId, user_id: HostId, checks: Checks) -> Invitation:
        """Raises Refused (InvalidInput for oneself, NotFound, EventClosed, Conflict)."""
        checks.require(user_id != viewer.id, "userId", "You cannot invite yourself.")
        checks.done()
        invited = await self.invitations.invite(event_id, user_id, reader_of(viewer), MOST)
        match invited:
            case None:
                raise Refused(not_found("event", "eventId"))
            case Event(status=status):
                raise event_closed(status)
            case TooMany():
                raise Refused(conflict(f"You have invited {MOST} people to it already.", "eventId"))
            case Invitation():
                return invited

    async def withdraw(self, viewer: Viewer, invitation: InvitationId, checks: Checks) -> Invitation:
        """Raises Refused (NotFound), also for one that was answered."""
        checks.done()
        return _found(await self.invitations.withdraw(invitation, HostId(viewer.id)))

    async def accept(self, viewer: Viewer, invitation: InvitationId, checks: Checks) -> Invitation:
        """Raises Refused (NotFound, EventClosed, EventFull): then there is no answer yet."""
        checks.done()
        accepted = await self.invitations.accept(invitation, reader_of(viewer), self.now())
        if accepted is None:
            raise Refused(not_found("invitation", "invitationId"))
        found, became = accepted
        if became.event.status is not EventStatus.PUBLISHED:
            raise event_closed(became.event.status, "invitationId")
        if became.status is not AttendanceStatus.GOING:
            raise event_full(became.event.max_attendees or 0, became.going, "invitationId")
        return found

    async def decline(self, viewer: Viewer, invitation: InvitationId, checks: Checks) -> Invitation:
        """Raises Refused: NotFound; Conflict for one that was accepted."""
        checks.done()
        declined = _found(await self.invitations.decline(invitation, reader_of(viewer)))
        if declined.status is InvitationStatus.ACCEPTED:
            raise Refused(conflict("You have accepted it. Leave the event instead.", "invitationId"))
        return declined

    async def list_received(self, viewer: Viewer, page: PageRequest) -> Page[Invitation]:
        return await self.invitations.list_received(HostId(viewer.id), page)

    async def list_sent(self, viewer: Viewer, page: PageRequest) -> Page[Invitation]:
        return await self.invitations.list_sent(HostId(viewer.id), page)

    async def count_received(self, viewer: Viewer) -> int:
        return await self.invitations.count_received(HostId(viewer.id))

    async def count_sent(self, viewer: Viewer) -> Mapping[InvitationStatus, int]:
        return await self.invitations.count_sent(HostId(viewer.id))


def _found(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise Refused(not_found("invitation", "invitationId"))
    return invitation
