"""The groups domain in GraphQL. `Teacher` and `Student` are other subgraphs' entities with our fields on
them.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from subgraphs.groups import enums as _described  # noqa: F401 -- before they are used
from subgraphs.groups import values
from subgraphs.groups.loaders import GroupsContext
from subgraphs.kit import connections as relay
from subgraphs.kit.audit_reads import NOTED
from subgraphs.kit.connections import Connection, Counter, PageArguments, Paged, connection, paged
from subgraphs.kit.languages import LanguageLevel
from subgraphs.kit.pages import Page

GroupsInfo: TypeAlias = Info[GroupsContext, None]
LazyGroup = Annotated["Group", strawberry.lazy(__name__)]
NUMBER = "Links the school's services to people; for other subgraphs only."


@federation.type(keys=["telegramId"], description="Somebody who teaches languages.")
class Teacher:
    telegram_id: strawberry.ID = federation.field(inaccessible=True, description=NUMBER)

    @strawberry.field(description="The groups they teach, oldest first, as far as you may see them.")
    @paged
    def groups(self, info: GroupsInfo, asked: PageArguments) -> Connection[Group] | None:
        window = asked.of(values.GROUPS_BY_AGE)
        teacher, loaders = values.TelegramId(int(self.telegram_id)), info.context.loaders
        count = partial(loaders.taught_count.load, teacher)
        return loaders.taught.answer((teacher, window), lambda page: group_connection(page, count))


@federation.type(keys=["telegramId"], description="Somebody who learns languages.")
class Student:
    telegram_id: strawberry.ID = federation.field(inaccessible=True, description=NUMBER)

    @strawberry.field(
        description=f"The groups they are in, in the order they joined, as you may see them. {NOTED}"
    )
    @paged
    async def groups(self, info: GroupsInfo, asked: PageArguments) -> MembershipConnection | None:
        window = asked.of(values.MEMBERSHIPS_BY_JOINING)
        student, loaders = values.TelegramId(int(self.telegram_id)), info.context.loaders
        count = partial(loaders.membership_count.load, student)
        page = await loaders.memberships.load((student, window))
        await info.context.reads.note("student", [student] if page.items else [], "groups")
        return _membership_connection(page, count)


@strawberry.type(description="A group that somebody is in.")
class MembershipEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Group = strawberry.field(description="The group.")
    joined_at: datetime = strawberry.field(description="Since when they are in it.")


@strawberry.type(description="A page of the groups that somebody is in.")
class MembershipConnection(Paged[MembershipEdge, LazyGroup]):
    pass


@strawberry.type(description="Somebody's place in a group.")
class GroupMemberEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Student | None = strawberry.field(description="Who it is.")
    student_telegram_id: strawberry.ID = strawberry.field(description="Their number on Telegram.")
    joined_at: datetime = strawberry.field(description="Since when they are in it.")


@strawberry.type(description="A page of a group's members.")
class GroupMemberConnection(Paged[GroupMemberEdge, Student | None]):
    pass


@strawberry.type(description="A way into a group, for a time and for so many students.")
class GroupInvitation:
    id: strawberry.ID = strawberry.field(description="Give it to revokeGroupInvitation.")
    state: values.InvitationState = strawberry.field(description="Whether one may join by it.")
    expires_at: datetime = strawberry.field(description="Until when it is good.")
    max_uses: int = strawberry.field(description="How many may join by it.")
    uses: int = strawberry.field(description="How many have.")
    created_at: datetime = strawberry.field(description="When it was made.")


@strawberry.type(description="An invitation and its code.")
class GroupInvitationSecret:
    code: str = strawberry.field(description="For joinGroup. Nobody can show it again.")
    invitation: GroupInvitation = strawberry.field(description="What is known about it.")


@strawberry.type(description="How far a group had come.")
class GroupProgress:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    topic: str = strawberry.field(description="In what.")
    percent: int = strawberry.field(description="How much of it, of a hundred.")
    note: str = strawberry.field(description="What the teacher wrote; may be empty.")
    noted_at: datetime = strawberry.field(description="When.")


@federation.type(keys=["id"], description="People who learn together.")
class Group:
    record: strawberry.Private[values.Group]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    name: str = strawberry.field(description="Its name, in a line.")
    description: str = strawberry.field(description="What it is about; may be empty.")
    language: str = strawberry.field(description="What is learned: the code of ISO 639.")
    level: LanguageLevel = strawberry.field(description="For whom it is.")
    max_members: int = strawberry.field(description="How many may be in it.")
    status: values.GroupStatus = strawberry.field(description="Whether it goes on.")
    teacher: Teacher | None = strawberry.field(description="Who teaches it.")
    teacher_telegram_id: strawberry.ID = strawberry.field(description="Their number on Telegram.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @strawberry.field(description="How many are in it.")
    def member_count(self, info: GroupsInfo) -> int:
        return info.context.loaders.member_count.answer(self.record.id, lambda count: count or 0)

    @strawberry.field(
        description="Who is in it, in the order they joined. Its teacher and administrators see all of them, "
        f"a student themselves. {NOTED}"
    )
    @paged
    async def members(self, info: GroupsInfo, asked: PageArguments) -> GroupMemberConnection:
        window = asked.of(values.MEMBERS_BY_JOINING)
        group, loaders = self.record.id, info.context.loaders
        count = partial(loaders.member_count.load, group)
        page = await loaders.members.load((group, window))
        await info.context.reads.note("student", (each.student_telegram_id for each in page.items), "groups")
        return _member_connection(page, count)

    @strawberry.field(description="How far it has come, newest first.")
    @paged
    def progress(self, info: GroupsInfo, asked: PageArguments) -> Connection[GroupProgress]:
        window = asked.of(values.NEWEST_PROGRESS)
        group, loaders = self.record.id, info.context.loaders
        count = partial(loaders.progress_count.load, group)
        return loaders.progress.answer((group, window), lambda page: _progress_connection(page, count))

    @strawberry.field(
        description="The invitations to it, newest first. For its teacher and administrators; null for "
        "anyone else."
    )
    @paged
    async def invitations(self, info: GroupsInfo, asked: PageArguments) -> Connection[GroupInvitation] | None:
        window = asked.of(values.NEWEST_INVITATIONS)
        group, loaders = self.record.id, info.context.loaders
        if not await loaders.is_taught.load(group):
            return None
        page = await loaders.invitations.load((group, window))
        count = partial(loaders.invitation_count.load, group)
        state, cursor = info.context.invitations.state, values.NEWEST_INVITATIONS.cursor
        return connection(
            page,
            lambda each: invitation_type(each, state(each)),
            lambda each: cursor(each.position),
            count,
        )


def group_type(group: values.Group) -> Group:
    number = strawberry.ID(str(group.teacher_telegram_id))
    return Group(
        record=group,
        id=strawberry.ID(str(group.id)),
        name=group.name,
        description=group.description,
        language=group.language,
        level=group.level,
        max_members=group.max_members,
        status=group.status,
        teacher=Teacher(telegram_id=number),
        teacher_telegram_id=number,
        created_at=group.created_at,
        updated_at=group.updated_at,
    )


def group_connection(page: Page[values.Group], counter: Counter) -> Connection[Group]:
    cursor = values.GROUPS_BY_AGE.cursor
    return connection(page, group_type, lambda group: cursor(group.position), counter)


def invitation_type(invitation: values.Invitation, state: values.InvitationState) -> GroupInvitation:
    return GroupInvitation(
        id=strawberry.ID(str(invitation.id)),
        state=state,
        expires_at=invitation.expires_at,
        max_uses=invitation.max_uses,
        uses=invitation.uses,
        created_at=invitation.created_at,
    )


def _member_connection(page: Page[values.Member], counter: Counter) -> GroupMemberConnection:
    return GroupMemberConnection.of(map(_member_edge, page.items), page, counter)


def _member_edge(member: values.Member) -> GroupMemberEdge:
    at, number = (
        values.MEMBERS_BY_JOINING.cursor(member.position),
        strawberry.ID(str(member.student_telegram_id)),
    )
    who = Student(telegram_id=number)
    return GroupMemberEdge(cursor=at, node=who, student_telegram_id=number, joined_at=member.joined_at)


def _membership_connection(page: Page[values.Membership], counter: Counter) -> MembershipConnection:
    return MembershipConnection.of(map(_membership_edge, page.items), page, counter)


def _membership_edge(membership: values.Membership) -> MembershipEdge:
    at = values.MEMBERSHIPS_BY_JOINING.cursor(membership.position)
    return MembershipEdge(cursor=at, node=group_type(membership.group), joined_at=membership.joined_at)


def _progress_connection(page: Page[values.Progress], counter: Counter) -> Connection[GroupProgress]:
    cursor = values.NEWEST_PROGRESS.cursor
    return connection(page, _progress_type, lambda each: cursor(each.position), counter)


def _progress_type(noted: values.Progress) -> GroupProgress:
    return GroupProgress(
        id=strawberry.ID(str(noted.id)),
        topic=noted.topic,
        percent=noted.percent,
        note=noted.note,
        noted_at=noted.noted_at,
    )
