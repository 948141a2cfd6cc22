"""What one can do in the feed domain."""

from __future__ import annotations

import strawberry

from subgraphs.feed.types import FeedInfo
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError


@strawberry.input(description="How far you have read your feed.")
class MarkFeedSeenInput:
    cursor: str = strawberry.field(description="Of the newest post that you saw.")


@payload
class MarkFeedSeenPayload:
    new_post_count: int | None = outcome("How many are newer; 100 are 100 or more.")
    errors: list[UserError] = problems()


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        MarkFeedSeenPayload, description="Note how far you have read. It never goes back to an older post."
    )
    async def mark_feed_seen(self, info: FeedInfo, input: MarkFeedSeenInput) -> MarkFeedSeenPayload | None:
        viewer = info.context.request.require_viewer()
        return MarkFeedSeenPayload(new_post_count=await info.context.feed.note_seen(viewer, input.cursor))
