"""Funnels: what came of an event, of all of an organization's, and of everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from subgraphs.analytics.repository.protocol import FunnelRepository
from subgraphs.analytics.service.periods import edges_of
from subgraphs.analytics.values import Period, Point, SubjectKind, Tally, Unit
from subgraphs.kit.acting import acting_of
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden

EMPTY = Tally()


@dataclass(frozen=True, slots=True)
class Funnels:
    funnels: FunnelRepository

    async def totals(
        self, kind: SubjectKind, ids: Sequence[UUID], period: Period, viewer: Viewer | None
    ) -> Mapping[UUID, Tally]:
        """What the period came to; subjects whose numbers the viewer may not see are left out."""
        found = await self._found(kind, ids, period, [period.since], viewer)
        return {subject: places.get(1, EMPTY) for subject, places in found.items()}

    async def series(
        self,
        kind: SubjectKind,
        ids: Sequence[UUID],
        period: Period,
        unit: Unit,
        time_zone: str,
        viewer: Viewer | None,
    ) -> Mapping[UUID, list[Point]]:
        """The same, point by point, those where nothing happened too. Raises BadUserInput."""
        edges = edges_of(period, unit, time_zone)
        found = await self._found(kind, ids, period, edges, viewer)
        return {
            subject: [Point(edge, places.get(at, EMPTY)) for at, edge in enumerate(edges, 1)]
            for subject, places in found.items()
        }

    async def everything(self, period: Period, viewer: Viewer) -> Tally:
        """Raises Forbidden."""
        if not viewer.is_admin:
            raise Forbidden("The platform's numbers are for administrators.")
        return await self.funnels.everything(period, acting_of(viewer))

    async def _found(
        self,
        kind: SubjectKind,
        ids: Sequence[UUID],
        period: Period,
        edges: Sequence[datetime],
        viewer: Viewer | None,
    ) -> Mapping[UUID, Mapping[int, Tally]]:
        if viewer is None:
            return {}
        theirs = [each for each in ids if _may_be_shown(kind, each, viewer)]
        found = await self.funnels.tallies(kind, theirs, period, edges, acting_of(viewer))
        without_events = theirs if kind is SubjectKind.ORGANIZATION else ()
        return {**{each: {} for each in without_events}, **found}


def _may_be_shown(kind: SubjectKind, subject: UUID, viewer: Viewer) -> bool:
    """Of events the store knows whose they are; an organization's numbers are for who acts for it."""
    return kind is SubjectKind.EVENT or viewer.is_admin or viewer.tenant == str(subject)
