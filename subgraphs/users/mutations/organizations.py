"""Organizations: founded, managed by who acts for them, joined by invitation."""

from __future__ import annotations

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.repeats import FIELD, attempt_of, idempotency_key
from subgraphs.kit.scalars import EmailAddress
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.users import organization_values as values
from subgraphs.users.types import Access, UsersInfo
from subgraphs.users.types.organizations import (
    MemberEdge,
    Organization,
    OrganizationInvitation,
    invitation_type,
    member_edge,
    organization_type,
)
from subgraphs.users.values import UserId

NAME = "Up to 200 characters."
SLUG = "3 to 50 letters, digits and dashes. Unique."
DESCRIPTION = "Up to 2000 characters."
TOKEN = "From the mail; good once."  # noqa: S105 -- a description


@strawberry.input(description="A new organization, which is yours.")
class CreateOrganizationInput:
    name: str = strawberry.field(description=NAME)
    slug: str = strawberry.field(description=SLUG)
    description: str | None = strawberry.field(default=strawberry.UNSET, description=DESCRIPTION)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Of the organization you act for. A field that is absent stays.")
class UpdateOrganizationInput:
    name: str | None = strawberry.field(default=strawberry.UNSET, description=NAME)
    slug: str | None = strawberry.field(default=strawberry.UNSET, description=SLUG)
    description: str | None = strawberry.field(default=strawberry.UNSET, description=DESCRIPTION)


@strawberry.input(description="That the organization you act for is to end.")
class DeleteOrganizationInput:
    slug: str = strawberry.field(description="Its slug, so that it is no accident.")


@strawberry.input(description="Who owns the organization you act for from now on.")
class HandOverOrganizationInput:
    user_id: strawberry.ID = strawberry.field(description="One of its members.")


@strawberry.input(description="Whom you act for.")
class SwitchOrganizationInput:
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="One of yours. Absent: for yourself alone."
    )


@strawberry.input(description="Who is to join the organization you act for.")
class InviteMemberInput:
    email: EmailAddress = strawberry.field(description="Where the invitation goes.")
    role: values.MemberRole = strawberry.field(
        default=values.MemberRole.MEMBER, description="What they become. ADMIN: by the owner alone."
    )


@strawberry.input(description="Which invitation is taken back.")
class RevokeInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="Of the organization you act for.")


@strawberry.input(description="That you join.")
class AcceptInvitationInput:
    token: str = strawberry.field(description=TOKEN)


@strawberry.input(description="That you do not join.")
class DeclineInvitationInput:
    token: str = strawberry.field(description=TOKEN)


@strawberry.input(description="What a member may do in the organization you act for.")
class ChangeMemberRoleInput:
    user_id: strawberry.ID = strawberry.field(description="One of its members, not its owner.")
    role: values.MemberRole = strawberry.field(description="ADMIN or MEMBER.")


@strawberry.input(description="Who leaves the organization you act for.")
class RemoveMemberInput:
    user_id: strawberry.ID = strawberry.field(description="A member, or yourself. Not its owner.")


@payload
class CreateOrganizationPayload:
    organization: Organization | None = outcome("The new organization.")
    errors: list[UserError] = problems()


@payload
class UpdateOrganizationPayload:
    organization: Organization | None = outcome("As it is now.")
    errors: list[UserError] = problems()


@payload
class DeleteOrganizationPayload:
    organization_id: strawberry.ID | None = outcome("Which one is gone.")
    errors: list[UserError] = problems()


@payload
class HandOverOrganizationPayload:
    organization: Organization | None = outcome("With its new owner.")
    errors: list[UserError] = problems()


@payload
class SwitchOrganizationPayload:
    access: Access | None = outcome("What to send from now on; earlier access tokens of this login end.")
    errors: list[UserError] = problems()


@payload
class InviteMemberPayload:
    invitation: OrganizationInvitation | None = outcome("The invitation, on its way by mail.")
    errors: list[UserError] = problems()


@payload
class RevokeInvitationPayload:
    invitation: OrganizationInvitation | None = outcome("As it is now.")
    errors: list[UserError] = problems()


@payload
class AcceptInvitationPayload:
    organization: Organization | None = outcome("Whom you belong to now.")
    errors: list[UserError] = problems()


@payload
class DeclineInvitationPayload:
    organization: Organization | None = outcome("Who had invited you.")
    errors: list[UserError] = problems()


@payload
class ChangeMemberRolePayload:
    member: MemberEdge | None = outcome("The member, as they are now.")
    errors: list[UserError] = problems()


@payload
class RemoveMemberPayload:
    user_id: strawberry.ID | None = outcome("Who is no member any longer.")
    errors: list[UserError] = problems()


@strawberry.type(description="Organizations.")
class OrganizationMutations:
    @mutation(CreateOrganizationPayload, description="Found an organization. Switch to it to act for it.")
    async def create_organization(
        self, info: UsersInfo, input: CreateOrganizationInput
    ) -> CreateOrganizationPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        attempt, columns = attempt_of(viewer.id, input, checks), changes(input, checks, clearable={FIELD})
        checks.done()
        del columns[FIELD]
        organizations = info.context.services.organizations
        made = await organizations.create(viewer, columns, request.actor, attempt)
        return CreateOrganizationPayload(organization=organization_type(made))

    @mutation(UpdateOrganizationPayload, description="Change its facts. For its owner and administrators.")
    async def update_organization(
        self, info: UsersInfo, input: UpdateOrganizationInput
    ) -> UpdateOrganizationPayload | None:
        request, checks = info.context.request, Checks()
        viewer, columns = request.require_viewer(), changes(input, checks)
        organizations = info.context.services.organizations
        updated = await organizations.update(viewer, columns, checks, request.actor)
        return UpdateOrganizationPayload(organization=organization_type(updated))

    @mutation(DeleteOrganizationPayload, description="End it, for good. For its owner.")
    async def delete_organization(
        self, info: UsersInfo, input: DeleteOrganizationInput
    ) -> DeleteOrganizationPayload | None:
        request = info.context.request
        viewer, organizations = request.require_viewer(), info.context.services.organizations
        gone = await organizations.delete(viewer, input.slug, request.actor)
        return DeleteOrganizationPayload(organization_id=strawberry.ID(str(gone)))

    @mutation(
        HandOverOrganizationPayload, description="Give it to a member; you stay as an administrator of it."
    )
    async def hand_over_organization(
        self, info: UsersInfo, input: HandOverOrganizationInput
    ) -> HandOverOrganizationPayload | None:
        request, checks = info.context.request, Checks()
        viewer, to = request.require_viewer(), UserId(checks.id(input.user_id, "userId"))
        checks.done()
        organization = await info.context.services.organizations.hand_over(viewer, to, request.actor)
        return HandOverOrganizationPayload(organization=organization_type(organization))

    @mutation(
        SwitchOrganizationPayload,
        description="Act for one of your organizations, or for yourself alone; the login keeps to it.",
    )
    async def switch_organization(
        self, info: UsersInfo, input: SwitchOrganizationInput
    ) -> SwitchOrganizationPayload | None:
        request, checks, asked = info.context.request, Checks(), input.organization_id
        viewer = request.require_viewer()
        to = None if asked is None else values.OrganizationId(checks.id(asked, "organizationId"))
        checks.done()
        token = await info.context.services.organizations.switch(viewer, to, request.actor)
        access = Access(access_token=token.text, access_token_expires_at=token.expires_at)
        return SwitchOrganizationPayload(access=access)

    @mutation(
        InviteMemberPayload,
        description="Invite somebody by mail, or once more. For its owner and administrators.",
    )
    async def invite_member(self, info: UsersInfo, input: InviteMemberInput) -> InviteMemberPayload | None:
        request = info.context.request
        viewer, organizations = request.require_viewer(), info.context.services.organizations
        invitation = await organizations.invite(viewer, input.email, input.role, request.actor)
        return InviteMemberPayload(invitation=invitation_type(invitation))

    @mutation(
        RevokeInvitationPayload, description="Take an invitation back. For its owner and administrators."
    )
    async def revoke_invitation(
        self, info: UsersInfo, input: RevokeInvitationInput
    ) -> RevokeInvitationPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        which = values.InvitationId(checks.id(input.invitation_id, "invitationId"))
        checks.done()
        revoked = await info.context.services.organizations.revoke(viewer, which, request.actor)
        return RevokeInvitationPayload(invitation=invitation_type(revoked))

    @mutation(AcceptInvitationPayload, description="Join the organization that invited you.")
    async def accept_invitation(
        self, info: UsersInfo, input: AcceptInvitationInput
    ) -> AcceptInvitationPayload | None:
        joined = await _answer(info, input.token, values.InvitationStatus.ACCEPTED)
        return AcceptInvitationPayload(organization=organization_type(joined))

    @mutation(DeclineInvitationPayload, description="Do not join the organization that invited you.")
    async def decline_invitation(
        self, info: UsersInfo, input: DeclineInvitationInput
    ) -> DeclineInvitationPayload | None:
        declined = await _answer(info, input.token, values.InvitationStatus.DECLINED)
        return DeclineInvitationPayload(organization=organization_type(declined))

    @mutation(ChangeMemberRolePayload, description="Say what a member may do. For its owner.")
    async def change_member_role(
        self, info: UsersInfo, input: ChangeMemberRoleInput
    ) -> ChangeMemberRolePayload | None:
        request, checks = info.context.request, Checks()
        viewer, user_id = request.require_viewer(), UserId(checks.id(input.user_id, "userId"))
        checks.done()
        organizations = info.context.services.organizations
        member = await organizations.change_role(viewer, user_id, input.role, request.actor)
        return ChangeMemberRolePayload(member=member_edge(member))

    @mutation(
        RemoveMemberPayload,
        description="Remove a member, or leave. What they did for the organization ends within seconds.",
    )
    async def remove_member(self, info: UsersInfo, input: RemoveMemberInput) -> RemoveMemberPayload | None:
        request, checks = info.context.request, Checks()
        viewer, user_id = request.require_viewer(), UserId(checks.id(input.user_id, "userId"))
        checks.done()
        parted = await info.context.services.organizations.remove(viewer, user_id, request.actor)
        return RemoveMemberPayload(user_id=strawberry.ID(str(parted.user_id)))


async def _answer(info: UsersInfo, token: str, status: values.InvitationStatus) -> values.Organization:
    request = info.context.request
    viewer, organizations = request.require_viewer(), info.context.services.organizations
    return await organizations.answer(viewer, token, status, request.client_address, request.actor)
