"""Follows, requests to follow, and blocks: each is about one other person, and answers with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import strawberry

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.users import values
from subgraphs.users.types import User, UsersInfo, user_type
from subgraphs.users.values import UserId

Change = Callable[[Viewer, UserId, Checks, Actor], Awaitable[values.User]]


@strawberry.input(description="Whom to follow.")
class FollowUserInput:
    user_id: strawberry.ID = strawberry.field(description="Not yourself.")


@strawberry.input(description="Whom to follow no longer.")
class UnfollowUserInput:
    user_id: strawberry.ID = strawberry.field(description="Whether you follow them or not.")


@strawberry.input(description="Which request is taken back.")
class WithdrawFollowRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Whom you asked.")


@strawberry.input(description="Who may follow you.")
class AcceptFollowRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Who asked.")


@strawberry.input(description="Who may not follow you.")
class DeclineFollowRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Who asked. They are not told, and may ask again.")


@strawberry.input(description="Who follows you no longer.")
class RemoveFollowerInput:
    user_id: strawberry.ID = strawberry.field(
        description="Whether they follow you or not. They are not told."
    )


@strawberry.input(description="Whom to block.")
class BlockUserInput:
    user_id: strawberry.ID = strawberry.field(description="Not yourself.")


@strawberry.input(description="Whom to block no longer.")
class UnblockUserInput:
    user_id: strawberry.ID = strawberry.field(description="Whether you block them or not.")


@payload
class FollowUserPayload:
    user: User | None = outcome("Whom you follow now, or have asked to.")
    errors: list[UserError] = problems()


@payload
class UnfollowUserPayload:
    user: User | None = outcome("Whom you follow no longer.")
    errors: list[UserError] = problems()


@payload
class WithdrawFollowRequestPayload:
    user: User | None = outcome("Whom you asked.")
    errors: list[UserError] = problems()


@payload
class AcceptFollowRequestPayload:
    user: User | None = outcome("Who follows you now.")
    errors: list[UserError] = problems()


@payload
class DeclineFollowRequestPayload:
    user: User | None = outcome("Who asked.")
    errors: list[UserError] = problems()


@payload
class RemoveFollowerPayload:
    user: User | None = outcome("Who follows you no longer.")
    errors: list[UserError] = problems()


@payload
class BlockUserPayload:
    user: User | None = outcome("Whom you block: by name alone.")
    errors: list[UserError] = problems()


@payload
class UnblockUserPayload:
    user: User | None = outcome("Whom you block no longer.")
    errors: list[UserError] = problems()


@strawberry.type(description="Who people are to each other.")
class RelationMutations:
    @mutation(
        FollowUserPayload,
        description="Follow somebody; a private account is asked first. Doing it again changes nothing.",
    )
    async def follow_user(self, info: UsersInfo, input: FollowUserInput) -> FollowUserPayload | None:
        change = info.context.services.relations.follow
        return FollowUserPayload(user=await _changed(info, input.user_id, change))

    @mutation(
        UnfollowUserPayload,
        description="Follow somebody no longer, and take a request to back. Doing it again changes nothing.",
    )
    async def unfollow_user(self, info: UsersInfo, input: UnfollowUserInput) -> UnfollowUserPayload | None:
        change = info.context.services.relations.unfollow
        return UnfollowUserPayload(user=await _changed(info, input.user_id, change))

    @mutation(
        WithdrawFollowRequestPayload,
        description="Take a request to follow back. A follow that was accepted meanwhile stays.",
    )
    async def withdraw_follow_request(
        self, info: UsersInfo, input: WithdrawFollowRequestInput
    ) -> WithdrawFollowRequestPayload | None:
        change = info.context.services.relations.withdraw
        return WithdrawFollowRequestPayload(user=await _changed(info, input.user_id, change))

    @mutation(
        AcceptFollowRequestPayload,
        description="Let somebody follow you who asked to. Doing it again changes nothing.",
    )
    async def accept_follow_request(
        self, info: UsersInfo, input: AcceptFollowRequestInput
    ) -> AcceptFollowRequestPayload | None:
        change = info.context.services.relations.accept
        return AcceptFollowRequestPayload(user=await _changed(info, input.user_id, change))

    @mutation(DeclineFollowRequestPayload, description="Do not let somebody follow you who asked to.")
    async def decline_follow_request(
        self, info: UsersInfo, input: DeclineFollowRequestInput
    ) -> DeclineFollowRequestPayload | None:
        change = info.context.services.relations.decline
        return DeclineFollowRequestPayload(user=await _changed(info, input.user_id, change))

    @mutation(
        RemoveFollowerPayload, description="End that somebody follows you. Doing it again changes nothing."
    )
    async def remove_follower(
        self, info: UsersInfo, input: RemoveFollowerInput
    ) -> RemoveFollowerPayload | None:
        change = info.context.services.relations.remove_follower
        return RemoveFollowerPayload(user=await _changed(info, input.user_id, change))

    @mutation(
        BlockUserPayload,
        description="Block somebody: neither of you follows, asks or sees the other from then on.",
    )
    async def block_user(self, info: UsersInfo, input: BlockUserInput) -> BlockUserPayload | None:
        change = info.context.services.relations.block
        return BlockUserPayload(user=await _changed(info, input.user_id, change))

    @mutation(
        UnblockUserPayload,
        description="Block somebody no longer; what the block ended does not come back.",
    )
    async def unblock_user(self, info: UsersInfo, input: UnblockUserInput) -> UnblockUserPayload | None:
        change = info.context.services.relations.unblock
        return UnblockUserPayload(user=await _changed(info, input.user_id, change))


async def _changed(info: UsersInfo, user_id: strawberry.ID, change: Change) -> User:
    request, checks = info.context.request, Checks()
    viewer, other = request.require_viewer(), UserId(checks.id(user_id, "userId"))
    return user_type(await change(viewer, other, checks, request.actor))
