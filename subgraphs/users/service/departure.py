"""What we have of somebody, given to them; and how somebody leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import not_found
from subgraphs.users.repository.protocol import DepartureRepository
from subgraphs.users.service.credentials import Credentials
from subgraphs.users.values import UserId


@dataclass(frozen=True, slots=True)
class Departure:
    departures: DepartureRepository
    credentials: Credentials

    async def export(self, viewer: Viewer) -> Mapping[str, Any] | None:
        """Everything this domain has of the viewer, by table. Raises RateLimited."""
        await self.credentials.limits.password(f"export {viewer.id}")
        return await self.departures.export(UserId(viewer.id))

    async def delete(self, viewer: Viewer, password: str, actor: Actor) -> UserId:
        """At once and for good; other domains hear of it. Raises Refused: InvalidCredentials,
        NotFound, Conflict for who owns an organization."""
        await self.credentials.check(viewer, password, "password")
        ended = await self.departures.delete(UserId(viewer.id), actor)
        if ended is None:
            raise Refused(not_found("user"))
        await self.credentials.logins.end_sessions(ended)
        return UserId(viewer.id)
