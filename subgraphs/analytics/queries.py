"""What one can ask analytics itself: the platform's numbers. The rest are fields of others' entities."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import UTC, datetime

import strawberry

from subgraphs.analytics.service.periods import period_of
from subgraphs.analytics.types import (
    READS_A_PERIOD,
    AnalyticsInfo,
    PlatformAnalytics,
    Since,
    Until,
    platform_type,
)


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(
        description="What happened on the whole platform. For administrators.", directives=[READS_A_PERIOD]
    )
    async def platform_analytics(
        self, info: AnalyticsInfo, since: Since = None, until: Until = None
    ) -> PlatformAnalytics | None:
        viewer = info.context.request.require_viewer()
        period = period_of(since, until, datetime.now(UTC))
        return platform_type(period, await info.context.funnels.everything(period, viewer))
