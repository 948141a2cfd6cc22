"""What we have of somebody, given to them; and how somebody leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import not_found
from subgraphs.users.repository.protocol import DepartureRepository
from subgraphs.users.service.credentials import Credentials
from subgraphs.users.values import UserId

KEEPERS = ("posts", "interactions", "feed", "media", "catalog", "events")
"""Who answers `accountRecords` (kit/records.py)."""
RECORDS = "query AccountRecords { accountRecords }"


@dataclass(frozen=True, slots=True)
class Departure:
    departures: DepartureRepository
    credentials: Credentials
    peers: Peers

    async def export(self, request: Request) -> Mapping[str, Any] | None:
        """Everything this domain has of the viewer, by table, and what the others that are known have of
        them. All or nothing: raises PeerUnavailable, RateLimited.
        """
        viewer = request.require_viewer()
        await self.credentials.limits.password(f"export {viewer.id}")
        told = await self.departures.export(UserId(viewer.id))
        return None if told is None else {**told, **await self._elsewhere(request)}

    async def _elsewhere(self, request: Request) -> dict[str, Any]:
        known = [name for name in KEEPERS if name in self.peers.peers]
        answers = await asyncio.gather(*(self._records(name, request) for name in known))
        missing = [name for name in KEEPERS if name not in known]
        told: dict[str, Any] = dict(zip(known, answers, strict=True))
        return {**told, "not asked": missing} if missing else told

    async def _records(self, peer: str, request: Request) -> Any:
        authorization, request_id = request.headers.get("authorization"), request.actor.request_id
        answer = await self.peers.ask(
            peer, RECORDS, request_id=request_id, authorization=authorization, whole=True
        )
        return answer["accountRecords"]

    async def delete(self, viewer: Viewer, password: str, actor: Actor) -> UserId:
        """At once and for good; other domains hear of it. Raises Refused: InvalidCredentials,
        NotFound, Conflict for who owns an organization."""
        await self.credentials.check(viewer, password, "password")
        ended = await self.departures.delete(UserId(viewer.id), actor)
        if ended is None:
            raise Refused(not_found("user"))
        await self.credentials.logins.end_sessions(ended)
        return UserId(viewer.id)
