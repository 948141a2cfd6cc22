"""The posts domain in GraphQL. `User` and `Event` are other subgraphs' entities with our fields on them."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Connection, Counter, PageArguments, Paged, connection, paged
from subgraphs.kit.errors import SubgraphError
from subgraphs.kit.pages import Ordering, Page
from subgraphs.posts import enums as _described  # noqa: F401 -- before they are used
from subgraphs.posts import tags, values
from subgraphs.posts.loaders import PostsContext
from subgraphs.posts.types.edits import PostEdit, PostImage, edit_connection, id_texts, image_types
from subgraphs.posts.types.polls import Poll, poll_type

PostsInfo: TypeAlias = Info[PostsContext, None]

Order = Annotated[values.PostOrder, strawberry.argument(description="What comes first.")]


@strawberry.type(description="How often a post was taken to one sort of place.")
class ShareCount:
    target: values.ShareTarget = strawberry.field(description="Where to.")
    count: int = strawberry.field(description="How often.")


@strawberry.type(description="A word that people mark so that others find what is about it.")
class Hashtag:
    name: str = strawberry.field(description="What it is found by: lower case, without the sign.")

    @strawberry.field(description="Posts with it, as far as you may see them.")
    @paged
    def posts(
        self,
        info: PostsInfo,
        asked: PageArguments,
        order_by: Order = values.PostOrder.NEWEST,
    ) -> Connection[Post] | None:
        window, loaders = asked.of(values.POST_ORDERINGS[order_by]), info.context.loaders
        count = partial(loaders.hashtag_count.load, self.name)
        return loaders.by_hashtag.answer(
            (self.name, window), lambda page: post_connection(page, order_by, count)
        )


@strawberry.type(description="Somebody whom a post names.")
class Mention:
    label: str = strawberry.field(description="As it is written there, without the sign.")
    user: User | None = strawberry.field(description="Who it is, also when they are called otherwise now.")


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @federation.field(external=True, description="Unique, upper and lower case being the same.")
    def username(self) -> str:
        raise SubgraphError("User.username belongs to the users subgraph.")

    @strawberry.field(description="What they posted, as far as you may see it.")
    @paged
    def posts(
        self,
        info: PostsInfo,
        asked: PageArguments,
        order_by: Order = values.PostOrder.NEWEST,
    ) -> Connection[Post] | None:
        ordering = values.POST_ORDERINGS[order_by]
        window = asked.of(ordering)
        author, loaders = values.AuthorId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.author_count.load, author)
        return loaders.by_author.answer((author, window), lambda page: post_connection(page, order_by, count))

    @strawberry.field(description="What they passed on, as far as you may see it, newest first.")
    @paged
    def reposts(self, info: PostsInfo, asked: PageArguments) -> RepostConnection | None:
        window = asked.of(values.NEWEST_REPOSTS)
        person, loaders = values.AuthorId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.reposts_count.load, person)
        return loaders.reposts.answer((person, window), lambda page: repost_connection(page, count))

    @strawberry.field(description="Posts that mention them, as far as you may see them.")
    @paged
    def mentioned_in(
        self,
        info: PostsInfo,
        asked: PageArguments,
        order_by: Order = values.PostOrder.NEWEST,
    ) -> Connection[Post] | None:
        window = asked.of(values.POST_ORDERINGS[order_by])
        person, loaders = values.AuthorId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.mentioning_count.load, person)
        return loaders.mentioning.answer(
            (person, window), lambda page: post_connection(page, order_by, count)
        )

    @strawberry.field(description="How many of their posts you may see.")
    def post_count(self, info: PostsInfo) -> int | None:
        return info.context.loaders.author_count.answer(
            values.AuthorId(uuid_of(self.id)), lambda count: count or 0
        )


@federation.type(keys=["id"], description="Something people come to.")
class Event:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(description="Posts about the event, as far as you may see them.")
    @paged
    def posts(
        self,
        info: PostsInfo,
        asked: PageArguments,
        order_by: Order = values.PostOrder.NEWEST,
    ) -> Connection[Post] | None:
        ordering = values.POST_ORDERINGS[order_by]
        window = asked.of(ordering)
        event, loaders = values.EventId(uuid_of(self.id)), info.context.loaders
        count = partial(loaders.event_count.load, event)
        return loaders.by_event.answer((event, window), lambda page: post_connection(page, order_by, count))


@federation.type(keys=["id"], description="Something somebody wanted others to see.")
class Post:
    record: strawberry.Private[values.Post]
    author_username: strawberry.Private[str | None]
    """Given by the router when it asks for `permalink`."""
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    author: User | None = strawberry.field(description="Who wrote it.")
    event_id: strawberry.ID | None = federation.field(
        inaccessible=True, description="For the events subgraph, which knows whether it may be shown."
    )
    attached_event_id: strawberry.ID | None = federation.field(
        inaccessible=True, description="For the events subgraph, which knows whether it may be shown."
    )
    media_ids: list[strawberry.ID] | None = federation.field(
        inaccessible=True,
        description="For the media subgraph, which shows them to who has been told of them.",
    )
    type: values.PostType = strawberry.field(description="What it shows.")
    content: str = strawberry.field(description="Its text; empty when there is none.")
    visibility: values.Visibility = strawberry.field(description="Who sees it.")
    created_at: datetime = strawberry.field(description="When it was written.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    edited_at: datetime | None = strawberry.field(
        description="When its text or what it shows last changed; null: never."
    )
    hidden_at: datetime | None = strawberry.field(
        description="Since when moderators hide it from everybody but its author and themselves."
    )
    language: str | None = strawberry.field(description="What it is written in (ISO 639), as far as known.")

    @federation.field(
        requires=["author { username }"], description="Its address on the site: /@author/posts/id."
    )
    def permalink(self) -> str | None:
        return None if self.author_username is None else f"/@{self.author_username}/posts/{self.id}"

    @strawberry.field(description="Its pictures, in their order.")
    def images(self, info: PostsInfo) -> list[PostImage]:
        return info.context.loaders.images.answer(self.record.id, image_types)

    @strawberry.field(description="The hashtags in its text, each once, in their order.")
    def hashtags(self, info: PostsInfo) -> list[Hashtag]:
        return info.context.loaders.hashtags.answer(self.record.id, _hashtag_types)

    @strawberry.field(description="Whom its text mentions and who is there for you, in their order.")
    def mentions(self, info: PostsInfo) -> list[Mention]:
        return info.context.loaders.mentions.answer(self.record.id, _mention_types)

    @strawberry.field(
        description="What it said before, the latest first. For its author and moderators; null for "
        "anyone else: what is taken back is not shown again."
    )
    @paged
    def edits(self, info: PostsInfo, asked: PageArguments) -> Connection[PostEdit] | None:
        window, loaders, request = asked.of(values.NEWEST_EDITS), info.context.loaders, info.context.request
        viewer = request.known_viewer
        if viewer is None or not (viewer.is_moderator or viewer.id == self.record.author_id):
            return None
        count = partial(loaders.edit_count.load, self.record.id)
        return loaders.edits.answer((self.record.id, window), lambda page: edit_connection(page, count))

    @strawberry.field(description="What it asks; null for every other kind of post.")
    def poll(self, info: PostsInfo) -> Poll | None:
        if self.record.type is not values.PostType.POLL:
            return None
        return info.context.loaders.poll.found(self.record.id, partial(poll_type, self.record.id))

    @strawberry.field(description="Who passed it on and is there for you, newest first.")
    @paged
    def reposters(self, info: PostsInfo, asked: PageArguments) -> ReposterConnection:
        window, loaders = asked.of(values.NEWEST_REPOSTERS), info.context.loaders
        count = partial(loaders.repost_count.load, self.record.id)
        return loaders.reposters.answer(
            (self.record.id, window), lambda page: reposter_connection(page, count)
        )

    @strawberry.field(description="How many of those who passed it on are there for you.")
    def repost_count(self, info: PostsInfo) -> int:
        return info.context.loaders.repost_count.answer(self.record.id, lambda count: count or 0)

    @strawberry.field(description="Whether you passed it on; null when you are not logged in.")
    def viewer_has_reposted(self, info: PostsInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.reposted_by_viewer.answer(self.record.id)

    @strawberry.field(description="How often it was taken elsewhere.")
    def share_count(self, info: PostsInfo) -> int:
        return info.context.loaders.shares.answer(self.record.id, lambda counts: sum((counts or {}).values()))

    @strawberry.field(description="How often it was taken where. For its author; null for anyone else.")
    def share_counts(self, info: PostsInfo) -> list[ShareCount] | None:
        if info.context.request.themselves(self.record.author_id) is None:
            return None
        return info.context.loaders.shares.answer(self.record.id, _share_counts)

    @strawberry.field(description="How many saved it.")
    def bookmark_count(self, info: PostsInfo) -> int:
        return info.context.loaders.bookmark_count.answer(self.record.id, lambda count: count or 0)

    @strawberry.field(description="Whether you saved it; null when you are not logged in.")
    def viewer_has_bookmarked(self, info: PostsInfo) -> bool | None:
        if info.context.request.viewer is None:
            return None
        return info.context.loaders.bookmarked_by_viewer.answer(self.record.id)


@strawberry.type(description="A post you saved.")
class BookmarkEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Post = strawberry.field(description="The post.")
    bookmarked_at: datetime = strawberry.field(description="When you saved it.")


@strawberry.type(description="A page of the posts you saved.")
class BookmarkConnection(Paged[BookmarkEdge, Post]): ...


@strawberry.type(description="A post that somebody passed on.")
class RepostEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Post = strawberry.field(description="The post.")
    comment: str = strawberry.field(description="What they said about it; empty when nothing.")
    reposted_at: datetime = strawberry.field(description="When they passed it on.")


@strawberry.type(description="A page of the posts somebody passed on.")
class RepostConnection(Paged[RepostEdge, Post]): ...


@strawberry.type(description="Somebody who passed a post on.")
class ReposterEdge:
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: User | None = strawberry.field(description="Who it is.")
    comment: str = strawberry.field(description="What they said about it; empty when nothing.")
    reposted_at: datetime = strawberry.field(description="When they passed it on.")


@strawberry.type(description="A page of the people who passed a post on.")
class ReposterConnection(Paged[ReposterEdge, User | None]): ...


def _hashtag_types(found: Iterable[tags.Hashtag] | None) -> list[Hashtag]:
    return [Hashtag(name=tag.name) for tag in found or ()]


def _mention_types(mentions: Iterable[values.Mention] | None) -> list[Mention]:
    return [
        Mention(label=each.label, user=User(id=strawberry.ID(str(each.user_id)))) for each in mentions or ()
    ]


def _share_counts(counts: Mapping[values.ShareTarget, int] | None) -> list[ShareCount]:
    """Each target there is, also where nobody took it."""
    return [ShareCount(target=target, count=(counts or {}).get(target, 0)) for target in values.ShareTarget]


class _ReadPost(Post):
    """A post of which that is made which is asked for: a page asks for three or four fields of sixteen."""

    def __init__(self, record: values.Post, author_username: str | None) -> None:
        self.record = record
        self.author_username = author_username


AS_THEY_ARE = (
    "type",
    "content",
    "visibility",
    "created_at",
    "updated_at",
    "edited_at",
    "hidden_at",
    "language",
)
MADE: Mapping[str, Callable[[_ReadPost], object]] = {
    "id": lambda post: strawberry.ID(str(post.record.id)),
    "author": lambda post: User(id=strawberry.ID(str(post.record.author_id))),
    "event_id": lambda post: _id(post.record.event_id),
    "attached_event_id": lambda post: _id(post.record.attached_event_id),
    "media_ids": lambda post: id_texts(post.record.media_ids),
}
for _name in AS_THEY_ARE:
    setattr(_ReadPost, _name, property(attrgetter(f"record.{_name}")))
for _name, _make in MADE.items():
    setattr(_ReadPost, _name, property(_make))


def post_type(post: values.Post, author_username: str | None = None) -> Post:
    return _ReadPost(post, author_username)


def _id(event: values.EventId | None) -> strawberry.ID | None:
    return None if event is None else strawberry.ID(str(event))


def post_connection(page: Page[values.Post], order: values.PostOrder, counter: Counter) -> Connection[Post]:
    cursor = values.POST_ORDERINGS[order].cursor
    return connection(page, post_type, lambda post: cursor(post.position), counter)


def found_connection(page: Page[values.FoundPost], ordering: Ordering, counter: Counter) -> Connection[Post]:
    return connection(
        page, lambda found: post_type(found.post), lambda found: ordering.cursor(found.position), counter
    )


def bookmark_connection(page: Page[values.Bookmark], counter: Counter) -> BookmarkConnection:
    edges = [
        BookmarkEdge(
            cursor=values.NEWEST_BOOKMARKS.cursor(bookmark.position),
            node=post_type(bookmark.post),
            bookmarked_at=bookmark.since,
        )
        for bookmark in page.items
    ]
    return BookmarkConnection.of(edges, page, counter)


def repost_connection(page: Page[values.Repost], counter: Counter) -> RepostConnection:
    edges = [
        RepostEdge(
            cursor=values.NEWEST_REPOSTS.cursor(repost.position),
            node=post_type(repost.post),
            comment=repost.comment,
            reposted_at=repost.since,
        )
        for repost in page.items
    ]
    return RepostConnection.of(edges, page, counter)


def reposter_connection(page: Page[values.Reposter], counter: Counter) -> ReposterConnection:
    edges = [
        ReposterEdge(
            cursor=values.NEWEST_REPOSTERS.cursor(each.position),
            node=User(id=strawberry.ID(str(each.user_id))),
            comment=each.comment,
            reposted_at=each.since,
        )
        for each in page.items
    ]
    return ReposterConnection.of(edges, page, counter)
