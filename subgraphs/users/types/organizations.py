"""Organizations in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.kit import connections as relay
from subgraphs.kit.auth import Viewer
from subgraphs.kit.connections import Connection, Counter, PageArguments, Paged, connection, paged
from subgraphs.kit.pages import Page
from subgraphs.kit.scalars import EmailAddress
from subgraphs.users import enums as _described  # noqa: F401 -- before they are used
from subgraphs.users import organization_values as values
from subgraphs.users.loaders import UsersContext

if TYPE_CHECKING:
    from subgraphs.users.types import User

UsersInfo: TypeAlias = Info[UsersContext, None]
LazyUser = Annotated["User", strawberry.lazy(__name__.rpartition(".")[0])]


@strawberry.type(description="Somebody who was asked by mail to join an organization.")
class OrganizationInvitation:
    id: strawberry.ID = strawberry.field(description="Give it to revokeInvitation.")
    email: EmailAddress = strawberry.field(description="Where the mail went.")
    role: values.MemberRole = strawberry.field(description="What they become.")
    status: values.InvitationStatus = strawberry.field(description="What came of it.")
    created_at: datetime = strawberry.field(description="When they were invited first.")
    expires_at: datetime = strawberry.field(description="Until when they may accept.")


@strawberry.type(description="How many invitations came to what.")
class InvitationCounts:
    sent: int = strawberry.field(description="All of them.")
    pending: int = strawberry.field(description="Those without an answer.")
    accepted: int = strawberry.field(description="Those who joined.")
    declined: int = strawberry.field(description="Those who would not.")
    revoked: int = strawberry.field(description="Those taken back.")


@strawberry.type(description="Somebody in an organization.")
class MemberEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: LazyUser = strawberry.field(description="Who it is.")
    role: values.MemberRole = strawberry.field(description="What they may do there.")
    joined_at: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="A page of an organization's members.")
class MemberConnection(Paged[MemberEdge, LazyUser]):
    pass


@federation.type(keys=["id", "slug"], description="People who work together, and what they own together.")
class Organization:
    record: strawberry.Private[values.Organization]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    slug: str = strawberry.field(description="Unique; for addresses of pages.")
    name: str = strawberry.field(description="As people call it.")
    description: str = strawberry.field(description="What it is about.")
    created_at: datetime = strawberry.field(description="When it was founded.")
    updated_at: datetime = strawberry.field(description="When its facts last changed.")

    @strawberry.field(description="Who may do everything there; null when their account cannot be read.")
    def owner(self, info: UsersInfo) -> LazyUser | None:
        from subgraphs.users.types import user_type

        return info.context.loaders.by_id.found(self.record.owner_id, user_type)

    @strawberry.field(description="Who belongs to it, in the order they came. Null unless you act for it.")
    @paged
    async def members(
        self,
        info: UsersInfo,
        asked: PageArguments,
    ) -> MemberConnection | None:
        if (viewer := self._acting(info)) is None:
            return None
        window = asked.of(values.MEMBERS_IN_ORDER)
        organizations = info.context.services.organizations
        page = await organizations.list_members(viewer, window)
        return member_connection(page, partial(organizations.count_members, viewer))

    @strawberry.field(description="Who was invited, the newest first. Null unless you act for it.")
    @paged
    async def invitations(
        self,
        info: UsersInfo,
        asked: PageArguments,
    ) -> Connection[OrganizationInvitation] | None:
        if (viewer := self._acting(info)) is None:
            return None
        ordering, organizations = values.INVITATIONS_IN_ORDER, info.context.services.organizations
        window = asked.of(ordering)
        page = await organizations.list_invitations(viewer, window)

        async def count() -> int:
            return sum((await organizations.count_invitations(viewer)).values())

        return connection(page, invitation_type, lambda each: ordering.cursor(each.position), count)

    @strawberry.field(description="What came of its invitations. Null unless you act for it.")
    async def invitation_counts(self, info: UsersInfo) -> InvitationCounts | None:
        if (viewer := self._acting(info)) is None:
            return None
        counted = await info.context.services.organizations.count_invitations(viewer)
        by_name = {status.name.lower(): number for status, number in counted.items()}
        return InvitationCounts(sent=sum(counted.values()), **by_name)

    def _acting(self, info: UsersInfo) -> Viewer | None:
        viewer = info.context.request.known_viewer
        return viewer if viewer is not None and viewer.tenant == str(self.record.id) else None


@strawberry.type(description="An organization that somebody belongs to.")
class Membership:
    organization: Organization = strawberry.field(description="Which one.")
    role: values.MemberRole = strawberry.field(description="What they may do there.")
    joined_at: datetime = strawberry.field(description="Since when.")


def organization_type(organization: values.Organization) -> Organization:
    return Organization(
        record=organization,
        id=strawberry.ID(str(organization.id)),
        slug=organization.slug,
        name=organization.name,
        description=organization.description,
        created_at=organization.created_at,
        updated_at=organization.updated_at,
    )


def membership_type(membership: values.Membership) -> Membership:
    organization = organization_type(membership.organization)
    return Membership(organization=organization, role=membership.role, joined_at=membership.joined_at)


def invitation_type(invitation: values.Invitation) -> OrganizationInvitation:
    return OrganizationInvitation(
        id=strawberry.ID(str(invitation.id)),
        email=EmailAddress(invitation.email),
        role=invitation.role,
        status=invitation.status,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )


def member_edge(member: values.Member) -> MemberEdge:
    from subgraphs.users.types import user_type

    cursor = values.MEMBERS_IN_ORDER.cursor(member.position)
    return MemberEdge(
        cursor=cursor, node=user_type(member.user), role=member.role, joined_at=member.joined_at
    )


def member_connection(page: Page[values.Member], counter: Counter) -> MemberConnection:
    return MemberConnection.of(map(member_edge, page.items), page, counter)
