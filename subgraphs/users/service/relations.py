"""Who people are to each other: follows, requests to follow a private account, blocks.

Somebody who is not there (no such account, or a block between the two) is NotFound, whatever one wants of
them: the answers do not differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.users.repository.protocol import RelationRepository
from subgraphs.users.values import Block, FollowRequest, Reader, User, UserId


@dataclass(frozen=True, slots=True)
class Relations:
    relations: RelationRepository

    async def follow(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """A private account is asked first. Raises Refused: InvalidInput for oneself, NotFound."""
        _not_oneself(viewer, user_id, checks, "You cannot follow yourself.")
        return _found(await self.relations.follow(UserId(viewer.id), user_id, actor))

    async def unfollow(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Takes a request back, too. Raises Refused: InvalidInput for oneself, NotFound."""
        _not_oneself(viewer, user_id, checks, "You do not follow yourself.")
        return _found(await self.relations.unfollow(UserId(viewer.id), user_id, actor))

    async def remove_follower(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: InvalidInput for oneself, NotFound."""
        _not_oneself(viewer, user_id, checks, "You do not follow yourself.")
        return _found(await self.relations.remove_follower(UserId(viewer.id), user_id, actor))

    async def withdraw(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: InvalidInput for oneself, NotFound."""
        _not_oneself(viewer, user_id, checks, "You do not ask yourself.")
        return _found(await self.relations.withdraw(UserId(viewer.id), user_id, actor))

    async def accept(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: InvalidInput for oneself; NotFound, also when they did not ask."""
        _not_oneself(viewer, user_id, checks, "You do not ask yourself.")
        accepted = await self.relations.accept(UserId(viewer.id), user_id, actor)
        return _found(accepted, "request")

    async def decline(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: InvalidInput for oneself; NotFound, also when they did not ask."""
        _not_oneself(viewer, user_id, checks, "You do not ask yourself.")
        declined = await self.relations.decline(UserId(viewer.id), user_id, actor)
        return _found(declined, "request")

    async def block(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: InvalidInput for oneself, NotFound."""
        _not_oneself(viewer, user_id, checks, "You cannot block yourself.")
        return _found(await self.relations.block(UserId(viewer.id), user_id, actor))

    async def unblock(self, viewer: Viewer, user_id: UserId, checks: Checks, actor: Actor) -> User:
        """Raises Refused: InvalidInput for oneself, NotFound."""
        _not_oneself(viewer, user_id, checks, "You do not block yourself.")
        return _found(await self.relations.unblock(UserId(viewer.id), user_id, actor))

    async def list_received(self, viewer: Viewer, page: PageRequest) -> Page[FollowRequest]:
        return await self.relations.list_received(Reader(UserId(viewer.id)), page)

    async def list_sent(self, viewer: Viewer, page: PageRequest) -> Page[FollowRequest]:
        return await self.relations.list_sent(Reader(UserId(viewer.id)), page)

    async def list_blocks(self, viewer: Viewer, page: PageRequest) -> Page[Block]:
        return await self.relations.list_blocks(Reader(UserId(viewer.id)), page)

    async def count_received(self, viewer: Viewer) -> int:
        return await self.relations.count_received(UserId(viewer.id))

    async def count_sent(self, viewer: Viewer) -> int:
        return await self.relations.count_sent(UserId(viewer.id))

    async def count_blocks(self, viewer: Viewer) -> int:
        return await self.relations.count_blocks(UserId(viewer.id))


def _not_oneself(viewer: Viewer, user_id: UserId, checks: Checks, problem: str) -> None:
    checks.require(user_id != viewer.id, "userId", problem)
    checks.done()


def _found(user: User | None, kind: str = "user") -> User:
    if user is None:
        raise Refused(not_found(kind, "userId"))
    return user
