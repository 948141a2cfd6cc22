"""Polls in GraphQL."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

import strawberry
from strawberry.types import Info

from subgraphs.posts import values
from subgraphs.posts.loaders import PostsContext

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

PollInfo: TypeAlias = Info[PostsContext, None]


@strawberry.type(description="Something one can vote for in a poll.")
class PollOption:
    post_id: strawberry.Private[values.PostId]
    option_id: strawberry.Private[values.OptionId]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    text: str = strawberry.field(description="What it says.")
    vote_count: int = strawberry.field(description="How many chose it.")

    @strawberry.field(description="Whether you chose it; null when you are not logged in.")
    def viewer_has_voted(self, info: PollInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        chosen = info.context.loaders.votes_of_viewer
        return chosen.answer(self.post_id, lambda options: self.option_id in (options or ()))


@strawberry.type(description="A question that a post asks. Who chose what is told to nobody else.")
class Poll:
    options: list[PollOption] = strawberry.field(description="What one can choose, in the author's order.")
    allows_several: bool = strawberry.field(description="Whether one may choose more than one.")
    closes_at: datetime | None = strawberry.field(
        description="Until when votes are taken; null: as long as the post is there."
    )
    is_closed: bool = strawberry.field(description="Whether votes are not taken any more.")
    vote_count: int = strawberry.field(
        description="How many votes there are; of one person several where that is allowed."
    )


def poll_type(post_id: values.PostId, poll: values.Poll) -> Poll:
    return Poll(
        options=[
            PollOption(
                post_id=post_id,
                option_id=option.id,
                id=strawberry.ID(str(option.id)),
                text=option.text,
                vote_count=option.vote_count,
            )
            for option in poll.options
        ],
        allows_several=poll.allows_several,
        closes_at=poll.closes_at,
        is_closed=poll.is_closed,
        vote_count=sum(option.vote_count for option in poll.options),
    )
