"""What one can ask the feed domain. All of it needs a login."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from typing import Annotated

import strawberry

from subgraphs.feed import values
from subgraphs.feed.types import TIMELINE, FeedConnection, FeedInfo, timeline
from subgraphs.kit.connections import PageArguments, paged
from subgraphs.kit.records import RecordQueries

Since = Annotated[
    str | None, strawberry.argument(description="A cursor of your feed; absent: what markFeedSeen noted.")
]


@strawberry.type(description="What can be asked.")
class Query(RecordQueries):
    @strawberry.field(description=f"{TIMELINE} For the logged in.")
    @paged
    async def feed(
        self,
        info: FeedInfo,
        asked: PageArguments,
    ) -> FeedConnection | None:
        return await timeline(info, asked.of(values.NEWEST))

    @strawberry.field(description="How many posts are new in your feed; 100 are 100 or more.")
    async def new_post_count(self, info: FeedInfo, since: Since = None) -> int | None:
        return await info.context.feed.count_new(info.context.request.require_viewer(), since)
