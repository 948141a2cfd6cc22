"""What one can ask the interactions domain beside what it adds to posts."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from subgraphs.interactions.types import Comment, InteractionsInfo, comment_type
from subgraphs.interactions.values import CommentId
from subgraphs.kit.connections import PageArguments, paged
from subgraphs.kit.ids import parse_id
from subgraphs.kit.records import RecordQueries
from subgraphs.kit.report_types import FOR_MODERATORS, ReportConnection, report_connection
from subgraphs.kit.reports import OLDEST_CASES

Id = Annotated[strawberry.ID, strawberry.argument(description="The comment's id.")]


@strawberry.type(description="What can be asked.")
class Query(RecordQueries):
    @strawberry.field(description="A comment, if there is one under a post that you may see.")
    async def comment(self, info: InteractionsInfo, id: Id) -> Comment | None:
        found = await info.context.loaders.seen_comment.load(CommentId(parse_id(id)))
        return None if found is None else comment_type(found)

    @strawberry.field(description=f"Comments that were reported and are not decided. {FOR_MODERATORS}")
    @paged
    async def reported_comments(
        self, info: InteractionsInfo, asked: PageArguments
    ) -> ReportConnection[Comment] | None:
        request, moderation = info.context.request, info.context.moderation
        page, found = await moderation.list_open(request, asked.of(OLDEST_CASES))
        nodes: dict[UUID, Comment] = {key: comment_type(each) for key, each in found.items()}
        return report_connection(page, nodes, moderation.count_open)
