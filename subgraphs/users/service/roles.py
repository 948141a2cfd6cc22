"""Roles, given and taken by administrators. It takes effect within seconds."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.users.repository.protocol import RoleRepository
from subgraphs.users.service.logins import Logins
from subgraphs.users.values import LastOfRole, Role, RoleChange, User, UserId


@dataclass(frozen=True, slots=True)
class Roles:
    roles: RoleRepository
    logins: Logins

    async def grant(self, viewer: Viewer, user_id: UserId, role: Role, actor: Actor) -> User:
        """Idempotent. Raises Refused (NotFound), Forbidden."""
        _require_admin(viewer)
        return await self._done(await self.roles.grant(user_id, role, actor))

    async def take(self, viewer: Viewer, user_id: UserId, role: Role, actor: Actor) -> User:
        """Idempotent. Raises Refused: NotFound, InvalidInput, Conflict for the last administrator;
        Forbidden.
        """
        _require_admin(viewer)
        if role is Role.USER:
            raise Refused(invalid("Everybody has this role.", "role"))
        return await self._done(await self.roles.take(user_id, role, actor))

    async def _done(self, change: RoleChange | LastOfRole | None) -> User:
        match change:
            case None:
                raise Refused(not_found("user", "userId"))
            case LastOfRole():
                raise Refused(conflict("This is the last administrator.", "userId"))
            case RoleChange(user, ended):
                await self.logins.end_sessions(ended)
                return user


def _require_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Only administrators give and take roles.")
