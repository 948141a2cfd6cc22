"""What one can ask the interactions domain beside what it adds to posts."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from typing import Annotated

import strawberry

from subgraphs.interactions.types import Comment, InteractionsInfo, comment_type
from subgraphs.interactions.values import CommentId
from subgraphs.kit.ids import parse_id

Id = Annotated[strawberry.ID, strawberry.argument(description="The comment's id.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A comment, if there is one under a post that you may see.")
    async def comment(self, info: InteractionsInfo, id: Id) -> Comment | None:
        found = await info.context.loaders.seen_comment.load(CommentId(parse_id(id)))
        return None if found is None else comment_type(found)
