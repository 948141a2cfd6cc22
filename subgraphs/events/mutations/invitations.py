"""Inviting somebody to an event, and answering an invitation."""

from __future__ import annotations

import strawberry

from subgraphs.events import values
from subgraphs.events.types import EventsInfo
from subgraphs.events.types.invitations import EventInvitation, invitation_type
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

OWN = "One of those that others sent you."


@strawberry.input(description="Whom to invite, and to what.")
class InviteToEventInput:
    event_id: strawberry.ID = strawberry.field(description="One that you see and that is to come.")
    user_id: strawberry.ID = strawberry.field(description="Not yourself.")


@strawberry.input(description="Which invitation is taken back.")
class WithdrawEventInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="One that you sent and nobody answered.")


@strawberry.input(description="That you come.")
class AcceptEventInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description=OWN)


@strawberry.input(description="That you do not come.")
class DeclineEventInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description=OWN)


@payload
class InviteToEventPayload:
    invitation: EventInvitation | None = outcome("The invitation.")
    errors: list[UserError] = problems()


@payload
class WithdrawEventInvitationPayload:
    invitation: EventInvitation | None = outcome("The one that is gone, as it was.")
    errors: list[UserError] = problems()


@payload
class AcceptEventInvitationPayload:
    invitation: EventInvitation | None = outcome("The invitation as it is now; its event has your answer.")
    errors: list[UserError] = problems()


@payload
class DeclineEventInvitationPayload:
    invitation: EventInvitation | None = outcome("The invitation as it is now.")
    errors: list[UserError] = problems()


@strawberry.type(description="Invitations to events.")
class InvitationMutations:
    @mutation(
        InviteToEventPayload, description="Invite somebody to an event. Doing it again changes nothing."
    )
    async def invite_to_event(
        self, info: EventsInfo, input: InviteToEventInput
    ) -> InviteToEventPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        event_id = values.EventId(checks.id(input.event_id, "eventId"))
        user_id = values.HostId(checks.id(input.user_id, "userId"))
        invited = await info.context.invitations.invite(viewer, event_id, user_id, checks)
        return InviteToEventPayload(invitation=invitation_type(invited))

    @mutation(WithdrawEventInvitationPayload, description="Take an invitation back that was not answered.")
    async def withdraw_event_invitation(
        self, info: EventsInfo, input: WithdrawEventInvitationInput
    ) -> WithdrawEventInvitationPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        invitation = _id(checks, input.invitation_id)
        gone = await info.context.invitations.withdraw(viewer, invitation, checks)
        return WithdrawEventInvitationPayload(invitation=invitation_type(gone))

    @mutation(
        AcceptEventInvitationPayload,
        description="Say that you come: answers the event, too. Doing it again changes nothing.",
    )
    async def accept_event_invitation(
        self, info: EventsInfo, input: AcceptEventInvitationInput
    ) -> AcceptEventInvitationPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        invitation = _id(checks, input.invitation_id)
        accepted = await info.context.invitations.accept(viewer, invitation, checks)
        return AcceptEventInvitationPayload(invitation=invitation_type(accepted))

    @mutation(
        DeclineEventInvitationPayload,
        description="Say that you do not come. Doing it again changes nothing.",
    )
    async def decline_event_invitation(
        self, info: EventsInfo, input: DeclineEventInvitationInput
    ) -> DeclineEventInvitationPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        invitation = _id(checks, input.invitation_id)
        declined = await info.context.invitations.decline(viewer, invitation, checks)
        return DeclineEventInvitationPayload(invitation=invitation_type(declined))


def _id(checks: Checks, text: str) -> values.InvitationId:
    return values.InvitationId(checks.id(text, "invitationId"))
