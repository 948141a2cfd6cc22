"""Teachers invite by a code that is good for a time and for so many students. Only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from subgraphs.groups.repository.protocol import InvitationRepository
from subgraphs.groups.service.groups import Groups
from subgraphs.groups.service.readers import Clock, reader_of, utc_now
from subgraphs.groups.values import GroupId, Invitation, InvitationId, InvitationState
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

CODE_BYTES = 24
MOST_USES = 500
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Invitations:
    invitations: InvitationRepository
    groups: Groups
    now: Clock = utc_now

    def state(self, invitation: Invitation) -> InvitationState:
        return invitation.state(self.now())

    async def list_invitations(
        self, ids: Sequence[GroupId], page: PageRequest
    ) -> Mapping[GroupId, Page[Invitation]]:
        return await self.invitations.list_invitations(ids, page)

    async def count_invitations(self, ids: Sequence[GroupId]) -> Mapping[GroupId, int]:
        return await self.invitations.count_invitations(ids)

    async def create(
        self, request: Request, group: GroupId, expires_at: datetime, max_uses: int, checks: Checks
    ) -> tuple[Invitation, str]:
        """With its code, which nobody can show again. Raises Refused (InvalidInput, NotFound, GroupArchived),
        Forbidden.
        """
        viewer, now = request.require_viewer(), self.now()
        checks.require(1 <= max_uses <= MOST_USES, "maxUses", f"Between 1 and {MOST_USES}.")
        in_time = now < expires_at <= now + LONGEST
        checks.require(in_time, "expiresAt", "In the future, and within a year.")
        checks.done()
        code, reader = secrets.token_urlsafe(CODE_BYTES), reader_of(viewer)
        made = await self.invitations.add(group, hashed(code), expires_at, max_uses, reader, request.actor)
        if made is None:
            await self.groups.require_open(viewer, group)
            raise Refused(not_found("group", "groupId"))
        return made, code

    async def revoke(self, request: Request, invitation: InvitationId, checks: Checks) -> Invitation:
        """Raises Refused (InvalidInput, NotFound)."""
        viewer = request.require_viewer()
        checks.done()
        revoked = await self.invitations.revoke(invitation, reader_of(viewer), request.actor)
        if revoked is None:
            raise Refused(not_found("invitation", "invitationId"))
        return revoked


def hashed(code: str) -> str:
    return hashlib.sha256(code.encode(errors="replace")).hexdigest()
