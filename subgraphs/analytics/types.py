"""Analytics in GraphQL. `Event` and `Organization` are others' entities with our field on them."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry
from strawberry import federation
from strawberry.federation.schema_directives import Cost, ListSize
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.analytics import enums as _described  # noqa: F401 -- before they are used
from subgraphs.analytics import values
from subgraphs.analytics.loaders import AnalyticsContext
from subgraphs.analytics.service.periods import period_of
from subgraphs.analytics.values import Kind
from subgraphs.kit.money import Amount, Money, money_type
from subgraphs.kit.scalars import TimeZone

AnalyticsInfo: TypeAlias = Info[AnalyticsContext, None]
Since = Annotated[
    datetime | None, strawberry.argument(description="From then on; 30 days before the end when not said.")
]
Until = Annotated[datetime | None, strawberry.argument(description="Before then; now when not said.")]
Unit = Annotated[values.Unit, strawberry.argument(description="How far the points are apart.")]
Zone = Annotated[TimeZone, strawberry.argument(description="Whose days and hours; UTC when not said.")]
READS_A_PERIOD = Cost(weight=10)
POINTS = ListSize(
    assumed_size=31, slicing_arguments=None, sized_fields=None, require_one_slicing_argument=False
)


@strawberry.type(description="What came of something: from looking, by registering, to coming in.")
class Funnel:
    tally: strawberry.Private[values.Tally]

    @strawberry.field(description="How often it was looked at.")
    def views(self) -> int:
        return self.tally.number(Kind.VIEW)

    @strawberry.field(description="How many looked at it, each once a day.")
    def visitors(self) -> int:
        return self.tally.number(Kind.VISITOR)

    @strawberry.field(description="Seats that were held until they were paid.")
    def reservations(self) -> int:
        return self.tally.number(Kind.RESERVED)

    @strawberry.field(description="How many began to wait for a seat.")
    def waitlisted(self) -> int:
        return self.tally.number(Kind.WAITLISTED)

    @strawberry.field(description="Registrations that were confirmed, also those cancelled later.")
    def registrations(self) -> int:
        return self.tally.number(Kind.REGISTERED)

    @strawberry.field(description="Confirmed registrations that were cancelled.")
    def cancellations(self) -> int:
        return self.tally.number(Kind.CANCELLED)

    @strawberry.field(description="Seats that were not paid in time.")
    def expirations(self) -> int:
        return self.tally.number(Kind.EXPIRED)

    @strawberry.field(description="How many came in, less those whose check-in was taken back.")
    def check_ins(self) -> int:
        return self.tally.number(Kind.CHECKED_IN) - self.tally.number(Kind.CHECK_IN_UNDONE)

    @strawberry.field(description="What was paid, in each currency.")
    def paid(self) -> list[Money]:
        return _money(self.tally, Kind.PAID)

    @strawberry.field(description="What went back, in each currency.")
    def refunded(self) -> list[Money]:
        return _money(self.tally, Kind.REFUNDED)


@strawberry.type(description="What came of something within an hour or a day.")
class FunnelPoint:
    starts_at: datetime = strawberry.field(description="The hour's or day's first moment.")
    funnel: Funnel = strawberry.field(description="What came of it then.")


@strawberry.type(description="Numbers of an event, or of all of an organization's, within a time.")
class Analytics:
    subject: strawberry.Private[tuple[values.SubjectKind, UUID]]
    period: strawberry.Private[values.Period]
    funnel: Funnel = strawberry.field(description="What the whole time came to.")

    @strawberry.field(description="From then on: the quarter of an hour that what was asked for lies in.")
    def since(self) -> datetime:
        return self.period.since

    @strawberry.field(description="Before then.")
    def until(self) -> datetime:
        return self.period.until

    @strawberry.field(
        description="The same by hours or days, in order, also those in which nothing happened. The first "
        "and the last one have what lies within the time.",
        directives=[READS_A_PERIOD, POINTS],
    )
    def series(
        self,
        info: AnalyticsInfo,
        unit: Unit = values.Unit.DAY,
        time_zone: Zone = TimeZone("UTC"),  # noqa: B008 -- a text
    ) -> list[FunnelPoint]:
        kind, subject = self.subject
        key = (subject, (kind, self.period, unit, str(time_zone)))
        return info.context.loaders.series.answer(key, _points)


@federation.type(keys=["id"], description="Something people come to.")
class Event:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(
        description="What came of it. For its host, who acts for its organization, and administrators; null "
        "for others. At most a year at once; it is behind by some seconds.",
        directives=[READS_A_PERIOD],
    )
    def analytics(self, info: AnalyticsInfo, since: Since = None, until: Until = None) -> Analytics | None:
        return _analytics(info, values.SubjectKind.EVENT, uuid_of(self.id), since, until)


@federation.type(keys=["id"], description="People who work together, and what they own together.")
class Organization:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(
        description="What came of all its events. For who acts for it, and administrators; null for others. "
        "At most a year at once; it is behind by some seconds.",
        directives=[READS_A_PERIOD],
    )
    def analytics(self, info: AnalyticsInfo, since: Since = None, until: Until = None) -> Analytics | None:
        return _analytics(info, values.SubjectKind.ORGANIZATION, uuid_of(self.id), since, until)


@strawberry.type(description="How often something happened on the platform.")
class ActivityCount:
    activity: Kind = strawberry.field(description="What.")
    number: int = strawberry.field(description="How often.")
    amounts: list[Money] = strawberry.field(description="How much money that was, in each currency.")


@strawberry.type(description="What happened on the whole platform within a time.")
class PlatformAnalytics:
    since: datetime = strawberry.field(description="From then on.")
    until: datetime = strawberry.field(description="Before then.")
    counts: list[ActivityCount] = strawberry.field(description="Of everything there is a count of.")


@strawberry.type(description="What came of a batch of views.")
class RecordedEventViews:
    recorded: int = strawberry.field(description="So many are new.")
    known: int = strawberry.field(description="So many were told before.")
    unknown_event_ids: list[strawberry.ID] = strawberry.field(
        description="Events that nobody knows here, or not everybody may see: their views were left out."
    )


def recorded_type(recorded: values.RecordedViews) -> RecordedEventViews:
    unknown = [strawberry.ID(str(event)) for event in recorded.unknown_events]
    return RecordedEventViews(recorded=recorded.recorded, known=recorded.known, unknown_event_ids=unknown)


def platform_type(period: values.Period, tally: values.Tally) -> PlatformAnalytics:
    counts = [
        ActivityCount(activity=kind, number=tally.number(kind), amounts=_money(tally, kind)) for kind in Kind
    ]
    return PlatformAnalytics(since=period.since, until=period.until, counts=counts)


def _analytics(
    info: AnalyticsInfo,
    kind: values.SubjectKind,
    subject: UUID,
    since: datetime | None,
    until: datetime | None,
) -> Analytics | None:
    period = period_of(since, until, datetime.now(UTC))
    made = partial(_analytics_type, (kind, subject), period)
    return info.context.loaders.totals.found((subject, (kind, period)), made)


def _analytics_type(
    subject: tuple[values.SubjectKind, UUID], period: values.Period, tally: values.Tally
) -> Analytics:
    return Analytics(subject=subject, period=period, funnel=Funnel(tally=tally))


def _points(points: Iterable[values.Point] | None) -> list[FunnelPoint]:
    return [FunnelPoint(starts_at=each.starts_at, funnel=Funnel(tally=each.tally)) for each in points or ()]


def _money(tally: values.Tally, kind: Kind) -> list[Money]:
    return [money_type(Amount(minor, code)) for code, minor in tally.amounts(kind).items() if code]
