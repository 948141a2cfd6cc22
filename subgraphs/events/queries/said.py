"""What moderators ask of what is said about events."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import strawberry

from subgraphs.events.types import EventsInfo
from subgraphs.events.types.remarks import EventRemark, remark_type
from subgraphs.kit.connections import PageArguments, paged
from subgraphs.kit.report_types import FOR_MODERATORS, ReportConnection, report_connection
from subgraphs.kit.reports import OLDEST_CASES


@strawberry.type
class SaidQueries:
    @strawberry.field(
        description="What was reported of what people say about events and is not decided, the longest "
        f"waiting first. {FOR_MODERATORS}"
    )
    @paged
    async def reported_event_remarks(
        self, info: EventsInfo, asked: PageArguments
    ) -> ReportConnection[EventRemark] | None:
        window = asked.of(OLDEST_CASES)
        moderation, viewer = info.context.said.moderation, info.context.request.require_viewer()
        page, found = await moderation.list_open(viewer, window)
        nodes = {key: remark_type(remark) for key, remark in found.items()}
        return report_connection(page, nodes, moderation.count_open)
