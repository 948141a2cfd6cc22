"""What one can do in the groups domain. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.groups import inputs, values
from subgraphs.groups.types import (
    Group,
    GroupInvitation,
    GroupInvitationSecret,
    GroupsInfo,
    group_type,
    invitation_type,
)
from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.telegram import checked_telegram_id
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

AS_IT_IS = "The group as it is now."
TEACHES = "For who teaches it and administrators."


@payload
class CreateGroupPayload:
    group: Group | None = outcome("The new group.")
    errors: list[UserError] = problems()


@payload
class UpdateGroupPayload:
    group: Group | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@payload
class ArchiveGroupPayload:
    group: Group | None = outcome("The group, archived.")
    errors: list[UserError] = problems()


@payload
class AddGroupMemberPayload:
    group: Group | None = outcome("The group, with them.")
    errors: list[UserError] = problems()


@payload
class RemoveGroupMemberPayload:
    group: Group | None = outcome("The group, without them.")
    errors: list[UserError] = problems()


@payload
class LeaveGroupPayload:
    left_group_id: strawberry.ID | None = outcome("The id of what you left.")
    errors: list[UserError] = problems()


@payload
class JoinGroupPayload:
    group: Group | None = outcome("The group that you are in now.")
    errors: list[UserError] = problems()


@payload
class CreateGroupInvitationPayload:
    invitation: GroupInvitationSecret | None = outcome("The invitation, with its code.")
    errors: list[UserError] = problems()


@payload
class RevokeGroupInvitationPayload:
    invitation: GroupInvitation | None = outcome("The invitation as it is now.")
    errors: list[UserError] = problems()


@payload
class NoteGroupProgressPayload:
    group: Group | None = outcome(AS_IT_IS)
    errors: list[UserError] = problems()


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(CreateGroupPayload, description="For teachers, and administrators for a teacher.")
    async def create_group(
        self, info: GroupsInfo, input: inputs.CreateGroupInput
    ) -> CreateGroupPayload | None:
        request, checks = info.context.request, Checks()
        request.require_viewer()
        given, number = dict(vars(input)), input.teacher_telegram_id
        del given["teacher_telegram_id"]
        teacher = None if number is None else _number(checks, number, "teacherTelegramId")
        group = await info.context.groups.create(request, values.GroupDetails(**given), teacher, checks)
        return CreateGroupPayload(group=group_type(group))

    @mutation(UpdateGroupPayload, description=f"{TEACHES} While it goes on.")
    async def update_group(
        self, info: GroupsInfo, input: inputs.UpdateGroupInput
    ) -> UpdateGroupPayload | None:
        request, checks = info.context.request, Checks()
        request.require_viewer()
        columns = changes(input, checks)
        group_id = _group_id(checks, columns.pop("group_id"))
        group = await info.context.groups.update(request, group_id, columns, checks)
        return UpdateGroupPayload(group=group_type(group))

    @mutation(ArchiveGroupPayload, description=f"{TEACHES} Doing it again changes nothing.")
    async def archive_group(
        self, info: GroupsInfo, input: inputs.ArchiveGroupInput
    ) -> ArchiveGroupPayload | None:
        request, checks = info.context.request, Checks()
        group_id = _group_id(checks, input.group_id)
        group = await info.context.groups.archive(request, group_id, checks)
        return ArchiveGroupPayload(group=group_type(group))

    @mutation(AddGroupMemberPayload, description="For administrators. Doing it again changes nothing.")
    async def add_group_member(
        self, info: GroupsInfo, input: inputs.AddGroupMemberInput
    ) -> AddGroupMemberPayload | None:
        request, checks = info.context.request, Checks()
        group_id = _group_id(checks, input.group_id)
        student = _number(checks, input.student_telegram_id, "studentTelegramId")
        group = await info.context.members.add(request, group_id, student, checks)
        return AddGroupMemberPayload(group=group_type(group))

    @mutation(RemoveGroupMemberPayload, description=f"{TEACHES} Whether they were in it or not.")
    async def remove_group_member(
        self, info: GroupsInfo, input: inputs.RemoveGroupMemberInput
    ) -> RemoveGroupMemberPayload | None:
        request, checks = info.context.request, Checks()
        group_id = _group_id(checks, input.group_id)
        student = _number(checks, input.student_telegram_id, "studentTelegramId")
        group = await info.context.members.remove(request, group_id, student, checks)
        return RemoveGroupMemberPayload(group=group_type(group))

    @mutation(LeaveGroupPayload, description="For students.")
    async def leave_group(self, info: GroupsInfo, input: inputs.LeaveGroupInput) -> LeaveGroupPayload | None:
        request, checks = info.context.request, Checks()
        left = await info.context.members.leave(request, _group_id(checks, input.group_id), checks)
        return LeaveGroupPayload(left_group_id=strawberry.ID(str(left)))

    @mutation(JoinGroupPayload, description="For students. Doing it again changes nothing.")
    async def join_group(self, info: GroupsInfo, input: inputs.JoinGroupInput) -> JoinGroupPayload | None:
        group = await info.context.members.join(info.context.request, input.code)
        return JoinGroupPayload(group=group_type(group))

    @mutation(CreateGroupInvitationPayload, description=TEACHES)
    async def create_group_invitation(
        self, info: GroupsInfo, input: inputs.CreateGroupInvitationInput
    ) -> CreateGroupInvitationPayload | None:
        request, checks = info.context.request, Checks()
        invitations, group_id = info.context.invitations, _group_id(checks, input.group_id)
        made, code = await invitations.create(request, group_id, input.expires_at, input.max_uses, checks)
        shown = invitation_type(made, invitations.state(made))
        return CreateGroupInvitationPayload(invitation=GroupInvitationSecret(code=code, invitation=shown))

    @mutation(RevokeGroupInvitationPayload, description=f"{TEACHES} Doing it again changes nothing.")
    async def revoke_group_invitation(
        self, info: GroupsInfo, input: inputs.RevokeGroupInvitationInput
    ) -> RevokeGroupInvitationPayload | None:
        request, checks = info.context.request, Checks()
        invitations = info.context.invitations
        invitation_id = values.InvitationId(checks.id(input.invitation_id, "invitationId"))
        revoked = await invitations.revoke(request, invitation_id, checks)
        return RevokeGroupInvitationPayload(invitation=invitation_type(revoked, invitations.state(revoked)))

    @mutation(NoteGroupProgressPayload, description=TEACHES)
    async def note_group_progress(
        self, info: GroupsInfo, input: inputs.NoteGroupProgressInput
    ) -> NoteGroupProgressPayload | None:
        request, checks = info.context.request, Checks()
        group_id, groups = _group_id(checks, input.group_id), info.context.groups
        said = (input.topic, input.percent, input.note)
        group = await groups.note_progress(request, group_id, *said, checks)
        return NoteGroupProgressPayload(group=group_type(group))


def _group_id(checks: Checks, text: str) -> values.GroupId:
    return values.GroupId(checks.id(text, "groupId"))


def _number(checks: Checks, text: str, at: str) -> values.TelegramId:
    return values.TelegramId(checked_telegram_id(checks, text, at))
