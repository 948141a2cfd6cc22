"""What one can do in analytics: tell what was looked at."""

from __future__ import annotations

import strawberry

from subgraphs.analytics import inputs, payloads, values
from subgraphs.analytics.types import AnalyticsInfo, recorded_type
from subgraphs.kit.payloads import mutation
from subgraphs.kit.validation import Checks


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        payloads.RecordEventViewsPayload,
        description="Tell which events were looked at; again, when no answer came. For anybody.",
    )
    async def record_event_views(
        self, info: AnalyticsInfo, input: inputs.RecordEventViewsInput
    ) -> payloads.RecordEventViewsPayload | None:
        checks = Checks()
        seen = [_seen(checks, at, view) for at, view in enumerate(input.views)]
        recorded = await info.context.views.record(info.context.request, seen, checks)
        return payloads.RecordEventViewsPayload(views=recorded_type(recorded))


def _seen(checks: Checks, at: int, view: inputs.EventViewInput) -> values.SeenEvent:
    return values.SeenEvent(
        checks.id(view.client_id, ("views", at, "clientId")),
        values.EventId(checks.id(view.event_id, ("views", at, "eventId"))),
        view.viewed_at,
    )
