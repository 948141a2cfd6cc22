"""What a person can act on in the groups domain, beside the kit's InvalidInput, NotFound and Conflict.

GroupFull            as many are in it as may be
GroupArchived        it is over
InvitationUnusable   it has expired, is used up or was taken back
"""

from __future__ import annotations

import strawberry

from subgraphs.groups import enums as _described  # noqa: F401 -- before they are used
from subgraphs.groups.values import InvitationState
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import UserError

WHY = {
    InvitationState.OPEN: "The invitation is open.",
    InvitationState.EXPIRED: "The invitation has expired.",
    InvitationState.USED_UP: "As many joined by this invitation as may.",
    InvitationState.REVOKED: "The invitation was taken back.",
}


@strawberry.type(description="As many are in the group as may be.")
class GroupFull(UserError):
    max_members: int = strawberry.field(description="How many may be in it.")


@strawberry.type(description="The group is over: it takes no members and no changes.")
class GroupArchived(UserError):
    pass


@strawberry.type(description="Nobody joins by this invitation any longer: see its state.")
class InvitationUnusable(UserError):
    state: InvitationState = strawberry.field(description="What it is now.")


ERRORS = (GroupFull, GroupArchived, InvitationUnusable)


def group_full(most: int, *path: str) -> Refused:
    message = "The only place is taken." if most == 1 else f"All {most} places are taken."
    return Refused(GroupFull(message=message, code="GROUP_FULL", path=list(path), max_members=most))


def group_archived(*path: str) -> Refused:
    return Refused(GroupArchived(message="The group is over.", code="GROUP_ARCHIVED", path=list(path)))


def invitation_unusable(state: InvitationState, *path: str) -> Refused:
    code = "INVITATION_UNUSABLE"
    return Refused(InvitationUnusable(message=WHY[state], code=code, path=list(path), state=state))
