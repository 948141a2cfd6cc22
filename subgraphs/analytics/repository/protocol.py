"""What the services ask of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from subgraphs.analytics.values import EventId, Fact, Period, SubjectKind, Tally
from subgraphs.kit.acting import Acting


class FunnelRepository(Protocol):
    async def tallies(
        self, kind: SubjectKind, ids: Sequence[UUID], period: Period, edges: Sequence[datetime], who: Acting
    ) -> Mapping[UUID, Mapping[int, Tally]]:
        """Of each subject that `who` may see the numbers of: what the time from each edge to the next comes
        to, by the edge's place, from 1; places where nothing happened are left out. `edges` are in order.
        """
        ...

    async def everything(self, period: Period, who: Acting) -> Tally:
        """Of all there is; nothing for who is no administrator."""
        ...


class ViewRepository(Protocol):
    async def visitor_key(self, day: date) -> bytes:
        """32 bytes that are the same for everybody who asks for the day, and for no other day."""
        ...

    async def find_public(self, events: Sequence[EventId]) -> frozenset[EventId]:
        """Those that everybody may see."""
        ...

    async def record(self, facts: Sequence[Fact]) -> int:
        """How many were new."""
        ...
