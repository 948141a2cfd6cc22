"""What the mutations of the groups domain are given."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.languages import LanguageLevel

NAME = "Up to 200 characters."
DESCRIPTION = "Up to 5000 characters."
LANGUAGE = "What is learned: the code of ISO 639."
LEVEL = "For whom it is."
MOST = "How many may be in it, 500 at most."
OWN_GROUP = "One that you teach; any for administrators."
NUMBER = "Their number on Telegram."
UNSET = strawberry.UNSET


@strawberry.input(description="A new group.")
class CreateGroupInput:
    name: str = strawberry.field(description=NAME)
    description: str = strawberry.field(default="", description=DESCRIPTION)
    language: str = strawberry.field(description=LANGUAGE)
    level: LanguageLevel = strawberry.field(description=LEVEL)
    max_members: int = strawberry.field(default=20, description=MOST)
    teacher_telegram_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose it is, for administrators; absent: yours."
    )


@strawberry.input(description="A field that is absent stays.")
class UpdateGroupInput:
    group_id: strawberry.ID = strawberry.field(description=OWN_GROUP)
    name: str | None = strawberry.field(default=UNSET, description=NAME)
    description: str | None = strawberry.field(default=UNSET, description=DESCRIPTION)
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    level: LanguageLevel | None = strawberry.field(default=UNSET, description=LEVEL)
    max_members: int | None = strawberry.field(
        default=UNSET, description=f"{MOST} At least as many as are in it."
    )


@strawberry.input(description="What is over.")
class ArchiveGroupInput:
    group_id: strawberry.ID = strawberry.field(description=OWN_GROUP)


@strawberry.input(description="Who is added, and to what.")
class AddGroupMemberInput:
    group_id: strawberry.ID = strawberry.field(description="One that goes on and has a place.")
    student_telegram_id: strawberry.ID = strawberry.field(description=NUMBER)


@strawberry.input(description="Who is removed, and from where.")
class RemoveGroupMemberInput:
    group_id: strawberry.ID = strawberry.field(description=OWN_GROUP)
    student_telegram_id: strawberry.ID = strawberry.field(description=NUMBER)


@strawberry.input(description="What you are in no longer.")
class LeaveGroupInput:
    group_id: strawberry.ID = strawberry.field(description="One that you are in.")


@strawberry.input(description="By which invitation.")
class JoinGroupInput:
    code: str = strawberry.field(description="The invitation's.")


@strawberry.input(description="For how long, and for how many.")
class CreateGroupInvitationInput:
    group_id: strawberry.ID = strawberry.field(description=OWN_GROUP)
    expires_at: datetime = strawberry.field(description="In the future, and within a year.")
    max_uses: int = strawberry.field(default=1, description="How many may join by it, 500 at most.")


@strawberry.input(description="What is taken back.")
class RevokeGroupInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="One to a group that you teach.")


@strawberry.input(description="How far a group has come.")
class NoteGroupProgressInput:
    group_id: strawberry.ID = strawberry.field(description=OWN_GROUP)
    topic: str = strawberry.field(description="In what: up to 200 characters.")
    percent: int = strawberry.field(description="How much of it, of a hundred.")
    note: str = strawberry.field(default="", description="Up to 1000 characters.")
