"""Organizations: founded, joined by invitation, managed by who acts for them.

To act for an organization is to have its id in the verified token (`switchOrganization`); what one may do
there is the role of the membership, read when it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.text import is_storable
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.users.errors import token_unusable
from subgraphs.users.limits import Limits
from subgraphs.users.organization_values import (
    Acting,
    Denied,
    Invitation,
    InvitationId,
    InvitationStatus,
    Member,
    MemberRole,
    Membership,
    NewOrganization,
    Organization,
    OrganizationId,
    Parted,
)
from subgraphs.users.repository.protocol import OrganizationRepository
from subgraphs.users.service.logins import Logins
from subgraphs.users.service.readers import reader_of
from subgraphs.users.service.rules import check_email
from subgraphs.users.tokens import refresh_token_hash
from subgraphs.users.values import AccessToken, LoginId, UserId

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Organizations:
    organizations: OrganizationRepository
    logins: Logins
    limits: Limits

    async def find_by_ids(self, ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, Organization]:
        return await self.organizations.find_by_ids(ids)

    async def find_by_slugs(self, slugs: Sequence[str]) -> Mapping[str, Organization]:
        return await self.organizations.find_by_slugs([slug for slug in slugs if is_storable(slug)])

    async def list_memberships(self, viewer: Viewer) -> list[Membership]:
        return await self.organizations.list_memberships(UserId(viewer.id))

    async def list_members(self, viewer: Viewer, page: PageRequest) -> Page[Member]:
        return await self.organizations.list_members(_acting(viewer), reader_of(viewer), page)

    async def count_members(self, viewer: Viewer) -> int:
        return await self.organizations.count_members(_acting(viewer), reader_of(viewer))

    async def list_invitations(self, viewer: Viewer, page: PageRequest) -> Page[Invitation]:
        return await self.organizations.list_invitations(_acting(viewer), page)

    async def count_invitations(self, viewer: Viewer) -> Mapping[InvitationStatus, int]:
        return await self.organizations.count_invitations(_acting(viewer))

    async def create(
        self, viewer: Viewer, columns: dict[str, str], actor: Actor, attempt: Attempt | None = None
    ) -> Organization:
        """Raises Refused: InvalidInput, SlugTaken, Conflict."""
        kept = _checked(columns, Checks())
        new = NewOrganization(OrganizationId(uuid4()), **kept)
        return await self.organizations.create(UserId(viewer.id), new, actor, attempt)

    async def update(
        self, viewer: Viewer, columns: dict[str, str], checks: Checks, actor: Actor
    ) -> Organization:
        """Raises Refused: InvalidInput, SlugTaken; Forbidden."""
        kept = _checked(columns, checks)
        return _allowed(await self.organizations.update(_acting(viewer), kept, actor))

    async def delete(self, viewer: Viewer, slug: str, actor: Actor) -> OrganizationId:
        """Its slug is said again, because there is no way back. Raises Refused (InvalidInput), Forbidden."""
        who = _acting(viewer)
        organization = OrganizationId(UUID(str(who.tenant)))
        found = (await self.organizations.find_by_ids([organization])).get(organization)
        if found is None or found.slug != slug:
            raise Refused(invalid("This is not the slug of the organization you act for.", "slug"))
        await self.logins.end_sessions(_allowed(await self.organizations.delete(who, actor)))
        return organization

    async def hand_over(self, viewer: Viewer, to: UserId, actor: Actor) -> Organization:
        """Raises Refused (NotFound), Forbidden."""
        return _found(_allowed(await self.organizations.hand_over(_acting(viewer), to, actor)), "userId")

    async def change_role(self, viewer: Viewer, user_id: UserId, role: MemberRole, actor: Actor) -> Member:
        """Raises Refused: NotFound, InvalidInput; Forbidden."""
        if role is MemberRole.OWNER:
            raise Refused(invalid("An organization is handed over instead.", "role"))
        who, reader = _acting(viewer), reader_of(viewer)
        changed = await self.organizations.change_role(who, reader, user_id, role, actor)
        return _found(_allowed(changed), "userId")

    async def remove(self, viewer: Viewer, user_id: UserId, actor: Actor) -> Parted:
        """Somebody, or oneself. Raises Refused (NotFound), Forbidden."""
        removed = await self.organizations.remove(_acting(viewer), user_id, actor)
        parted = _found(_allowed(removed), "userId")
        await self.logins.end_sessions(parted.ended)
        return parted

    async def invite(self, viewer: Viewer, email: str, role: MemberRole, actor: Actor) -> Invitation:
        """One that waits is sent again. Raises Refused (InvalidInput), Forbidden, RateLimited."""
        who, checks = _acting(viewer), Checks()
        kept = check_email(email, checks)
        checks.require(role is not MemberRole.OWNER, "role", "An organization has one owner.")
        checks.done()
        await self.limits.mail(f"organization {who.tenant}", kept)
        return _allowed(await self.organizations.invite(who, kept, role, actor))

    async def revoke(self, viewer: Viewer, invitation: InvitationId, actor: Actor) -> Invitation:
        """Idempotent. Raises Refused (NotFound), Forbidden."""
        revoked = await self.organizations.revoke(_acting(viewer), invitation, actor)
        return _found(_allowed(revoked), "invitationId", "invitation")

    async def answer(
        self, viewer: Viewer, token: str, status: InvitationStatus, address: str, actor: Actor
    ) -> Organization:
        """Raises Refused (TokenUnusable), RateLimited."""
        await self.limits.proof(address)
        hashed = refresh_token_hash(token)
        organization = await self.organizations.answer(UserId(viewer.id), hashed, status, actor)
        if organization is None:
            raise token_unusable()
        return organization

    async def switch(self, viewer: Viewer, to: OrganizationId | None, actor: Actor) -> AccessToken:
        """The login acts for `to`, or for its user alone; its earlier access tokens end. Raises Refused
        (NotFound), Forbidden for who is not there in person.
        """
        if viewer.session is None or viewer.scopes is not None:
            raise Forbidden("Only somebody who has logged in acts for an organization.")
        login = LoginId(UUID(viewer.session))
        switched = await self.organizations.switch(UserId(viewer.id), login, to, actor)
        match switched:
            case None:
                raise Forbidden("This login has ended.")
            case Denied():
                raise Refused(not_found("organization", "organizationId"))
            case (user, session):
                return await self.logins.act_for(user, session)


def _acting(viewer: Viewer) -> Acting:
    """Raises Forbidden."""
    if viewer.tenant is None:
        raise Forbidden("Switch to an organization first.")
    return Acting(UserId(viewer.id), viewer.tenant)


def _allowed(done: Done | Denied) -> Done:
    if isinstance(done, Denied):
        raise Forbidden(done.value)
    return done


def _found(done: Done | None, at: str, kind: str = "member") -> Done:
    if done is None:
        raise Refused(not_found(kind, at))
    return done


def _checked(columns: dict[str, str], checks: Checks) -> dict[str, str]:
    """Raises Refused with every problem."""
    kept = dict(columns)
    if "name" in columns:
        kept["name"] = checks.line(columns["name"], "name", "The name", least=1, most=200)
    if "slug" in columns:
        kept["slug"] = checks.line(columns["slug"], "slug", "The slug", least=3, most=50).lower()
        form = "A slug has letters, digits and single dashes between them."
        checks.require(SLUG.fullmatch(kept["slug"]) is not None, "slug", form)
    if "description" in columns:
        kept["description"] = checks.prose(
            columns["description"], "description", "The description", most=2000
        )
    checks.done()
    return kept
