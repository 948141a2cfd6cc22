"""What one can ask the posts domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID
from zlib import crc32

import strawberry

from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.ids import parse_id
from subgraphs.kit.languages import CODE
from subgraphs.kit.pages import Ordering
from subgraphs.kit.records import RecordQueries
from subgraphs.kit.report_types import FOR_MODERATORS, ReportConnection, report_connection
from subgraphs.kit.reports import OLDEST_CASES
from subgraphs.kit.search import checked_text
from subgraphs.posts import values
from subgraphs.posts.tags import hashtag_name
from subgraphs.posts.types import (
    BookmarkConnection,
    Hashtag,
    Order,
    Post,
    PostsInfo,
    bookmark_connection,
    found_connection,
    post_connection,
    post_type,
)


@strawberry.input(description="Which posts are listed; what is absent does not matter.")
class PostFilter:
    type: values.PostType | None = strawberry.field(default=None, description="Only posts of this kind.")
    author_id: strawberry.ID | None = strawberry.field(default=None, description="Only posts of this person.")
    created_after: datetime | None = strawberry.field(
        default=None, description="Only what was written after this."
    )
    created_before: datetime | None = strawberry.field(
        default=None, description="Only what was written before this."
    )


Id = Annotated[strawberry.ID, strawberry.argument(description="The post's id.")]
SEARCH = (
    "Posts with these words, as far as you may see them: of the newest thousand that match, the best first. "
    'Words count in every form that the language has, and as they are written in any; "words in quotes" '
    "stand together, OR is between two of which one is enough, - is before what is not wanted."
)
Words = Annotated[
    str, strawberry.argument(description="What to look for, in 1 to 100 characters.", name="text")
]
WordsLanguage = Annotated[
    str | None,
    strawberry.argument(description="What the words are in (ISO 639); absent: the language you read in."),
]
HashtagName = Annotated[str, strawberry.argument(description="With its sign or without, in any case.")]
Filter = Annotated[PostFilter | None, strawberry.argument(description="Which posts.")]


@strawberry.type(description="What can be asked.")
class Query(RecordQueries):
    @strawberry.field(description="A post, if there is one that you may see.")
    async def post(self, info: PostsInfo, id: Id) -> Post | None:
        post = await info.context.loaders.by_id.load(values.PostId(parse_id(id)))
        return None if post is None else post_type(post)

    @strawberry.field(description="Everybody's posts, as far as you may see them.")
    @paged
    async def posts(
        self,
        info: PostsInfo,
        asked: PageArguments,
        order_by: Order = values.PostOrder.NEWEST,
        filter: Filter = None,
    ) -> Connection[Post] | None:
        ordering = values.POST_ORDERINGS[order_by]
        window = asked.of(ordering)
        wanted, viewer = _wanted(filter), info.context.request.known_viewer
        page = await info.context.services.posts.list_posts(wanted, viewer, window)
        return post_connection(
            page, order_by, partial(info.context.services.posts.count_posts, wanted, viewer)
        )

    @strawberry.field(description=SEARCH)
    @paged
    async def search_posts(
        self,
        info: PostsInfo,
        asked: PageArguments,
        text: Words,
        language: WordsLanguage = None,
    ) -> Connection[Post] | None:
        finding, viewer = info.context.services.finding, info.context.request.known_viewer
        sought = await finding.sought(checked_text(text), _language(language), viewer)
        ordering = _found(sought)
        page = await finding.search(sought, viewer, asked.of(ordering))
        return found_connection(page, ordering, partial(finding.count_found, sought, viewer))

    @strawberry.field(description="A hashtag, whether or not anybody used it; null for what can be none.")
    def hashtag(self, name: HashtagName) -> Hashtag | None:
        found = hashtag_name(name)
        return None if found is None else Hashtag(name=found)

    @strawberry.field(description=f"Posts that were reported and are not decided. {FOR_MODERATORS}")
    @paged
    async def reported_posts(self, info: PostsInfo, asked: PageArguments) -> ReportConnection[Post] | None:
        viewer, moderation = info.context.request.require_viewer(), info.context.services.moderation
        page, found = await moderation.list_open(viewer, asked.of(OLDEST_CASES))
        nodes: dict[UUID, Post] = {key: post_type(post) for key, post in found.items()}
        return report_connection(page, nodes, moderation.count_open)

    @strawberry.field(description="What you saved, latest first. For the logged in.")
    @paged
    async def bookmarked_posts(
        self,
        info: PostsInfo,
        asked: PageArguments,
    ) -> BookmarkConnection | None:
        window = asked.of(values.NEWEST_BOOKMARKS)
        viewer = info.context.request.require_viewer()
        page = await info.context.services.posts.list_bookmarks(viewer, window)
        return bookmark_connection(page, partial(info.context.services.posts.count_own_bookmarks, viewer))


def _language(code: str | None) -> str | None:
    if code is None or CODE.fullmatch(code.lower()):
        return code and code.lower()
    raise BadUserInput({"language": "A language reads en, de or ru (ISO 639)."})


def _found(sought: values.Sought) -> Ordering:
    """Of these words in this language alone: another search's cursors are another list's."""
    mark = crc32(f"{sought.configuration} {sought.text}".encode())
    return Ordering(f"posts like {mark:08x}", (int, datetime, UUID), descending=True)


def _wanted(filter: PostFilter | None) -> values.PostFilter:
    if filter is None:
        return values.PostFilter()
    author = None if filter.author_id is None else parse_id(filter.author_id, "filter.authorId")
    author_id = None if author is None else values.AuthorId(author)
    return values.PostFilter(filter.type, author_id, filter.created_after, filter.created_before)
