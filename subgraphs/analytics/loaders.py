"""Analytics' loaders, and the context that carries them through one request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from subgraphs.analytics.service import Funnels, Views
from subgraphs.analytics.values import Period, Point, SubjectKind, Tally, Unit
from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request

Of = tuple[SubjectKind, Period]
SeriesOf = tuple[SubjectKind, Period, Unit, str]
Group = TypeVar("Group", Of, SeriesOf)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class AnalyticsLoaders:
    totals: Loader[tuple[UUID, Of], Tally | None]
    series: Loader[tuple[UUID, SeriesOf], list[Point] | None]


@dataclass(frozen=True, slots=True)
class AnalyticsContext:
    request: Request
    funnels: Funnels
    views: Views
    loaders: AnalyticsLoaders


def analytics_context(request: Request, funnels: Funnels, views: Views) -> AnalyticsContext:
    viewer = request.known_viewer

    async def totals(ids: Sequence[UUID], of: Of) -> Mapping[UUID, Tally]:
        return await funnels.totals(of[0], ids, of[1], viewer)

    async def series(ids: Sequence[UUID], of: SeriesOf) -> Mapping[UUID, list[Point]]:
        kind, period, unit, zone = of
        return await funnels.series(kind, ids, period, unit, zone, viewer)

    loaders = AnalyticsLoaders(loader(_grouped(totals)), loader(_grouped(series)))
    return AnalyticsContext(request, funnels, views, loaders)


def _grouped(
    load: Callable[[Sequence[UUID], Group], Awaitable[Mapping[UUID, Value]]],
) -> Callable[[Sequence[tuple[UUID, Group]]], Awaitable[Mapping[tuple[UUID, Group], Value]]]:
    """One call for all subjects of which the same is asked: usually one, however many events."""

    async def load_all(keys: Sequence[tuple[UUID, Group]]) -> Mapping[tuple[UUID, Group], Value]:
        groups: dict[Group, list[UUID]] = {}
        for subject, group in keys:
            groups.setdefault(group, []).append(subject)
        answers = await asyncio.gather(*(load(ids, group) for group, ids in groups.items()))
        return {
            (subject, group): value
            for group, found in zip(groups, answers, strict=True)
            for subject, value in found.items()
        }

    return load_all
