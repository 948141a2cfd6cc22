"""Media in GraphQL. `Post`, `EventImage` and `User` are other subgraphs' entities with our fields on them.

What a post shows is for who may see the post. The router has `mediaIds` from posts, and posts tells them to
nobody else: a `Post` that comes without them shows nothing. Pictures of events likewise (`mediaId`). A
person's picture is the one that users says (`avatarUrl`, as far as they show it), when it is one of ours.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.kit.connections import Connection, Counter, connection
from subgraphs.kit.errors import SubgraphError
from subgraphs.kit.pages import Page
from subgraphs.kit.scalars import URL
from subgraphs.media import enums as _described  # noqa: F401 -- before they are used
from subgraphs.media import values
from subgraphs.media.loaders import MediaContext
from subgraphs.media.values import MediaId, Status, Variant

MediaInfo: TypeAlias = Info[MediaContext, None]
AVATAR = re.compile(
    r"/media/profile-images/([0-9a-f-]{36})/avatars/(?:\w+/)?([0-9a-f-]{36})\.(?:jpg|webp|avif)"
)
"""How the address of a picture of ours ends: places.py."""
MAKING = "What is being made has no address yet; what came to nothing is there for its owner alone."
SHOWN = Annotated[Variant, strawberry.argument(description="How large.")]
FORMAT = Annotated[
    str | None,
    strawberry.argument(
        description="A content type there is of it: image/webp is smaller than image/jpeg (and image/avif "
        "than both, where it is made), which is what comes when nothing is said or there is no such."
    ),
]


@strawberry.type(description="One of the files that were made of an upload.")
class MediaRendition:
    variant: Variant = strawberry.field(description="How large it is shown.")
    content_type: str = strawberry.field(description="What it is: image/webp.")
    size_bytes: int = strawberry.field(description="How large the file is.")
    width: int | None = strawberry.field(description="In pixels; null for documents.")
    height: int | None = strawberry.field(description="In pixels; null for documents.")
    url: URL = strawberry.field(description="Where it is: for everybody or, signed, for an hour or two.")


@federation.type(keys=["id"], description="Something that somebody uploaded.")
class Media:
    record: strawberry.Private[values.Media]
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    kind: values.Kind = strawberry.field(description="What it is.")
    purpose: values.Purpose = strawberry.field(description="What it was uploaded for.")
    status: Status = strawberry.field(description="How far it is.")
    content_type: str = strawberry.field(description="Of the original, by its content.")
    size_bytes: int = strawberry.field(description="Of the original.")
    width: int | None = strawberry.field(description="Of the original, in pixels, once it is READY.")
    height: int | None = strawberry.field(description="Of the original, in pixels, once it is READY.")
    alt_text: str | None = strawberry.field(description="What it shows, for who cannot see it.")
    blurhash: str | None = strawberry.field(description="What is shown until it is there: blurha.sh.")
    created_at: datetime = strawberry.field(description="When its upload was begun.")

    @strawberry.field(description="How long a video is.")
    def duration_seconds(self) -> float | None:
        return None if self.record.duration_ms is None else self.record.duration_ms / 1000

    @strawberry.field(description="What its owner called the file; null for others.")
    def filename(self, info: MediaInfo) -> str | None:
        return self.record.filename if _is_own(info, self.record) else None

    @strawberry.field(description="Why nothing came of it, and what to do; null for others.")
    def reason(self, info: MediaInfo) -> str | None:
        return self.record.reason if _is_own(info, self.record) else None

    @strawberry.field(description="Who uploaded it.")
    def owner(self) -> User | None:
        return User(id=strawberry.ID(str(self.record.user_id)))

    @strawberry.field(
        description="Where it is, for everybody or, signed, for an hour or two; null until it is READY."
    )
    def url(
        self, info: MediaInfo, variant: SHOWN = Variant.ORIGINAL, content_type: FORMAT = None
    ) -> URL | None:
        found = self.record.rendition(variant, content_type)
        return None if found is None else URL(info.context.services.grants.address(found.place))

    @strawberry.field(description="All files there are of it; none until it is READY.")
    def renditions(self, info: MediaInfo) -> list[MediaRendition]:
        return [_rendition(info, one) for one in self.record.renditions]


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")
    shown: strawberry.Private[str | None] = None
    """Their avatarUrl, if users told it."""

    @federation.field(external=True, description="Their picture, if they show it to you.")
    def avatar_url(self) -> URL | None:
        raise SubgraphError("User.avatarUrl belongs to the users subgraph.")

    @federation.field(
        requires=["avatarUrl"],
        description="Their picture in its variants, if it was uploaded here and they show it to you.",
    )
    def avatar(self, info: MediaInfo) -> Media | None:
        found = AVATAR.search(self.shown or "")
        if found is None or found[1] != self.id:
            return None
        try:
            key = MediaId(uuid_of(found[2]))
        except ValueError:
            return None
        return info.context.loaders.seen.found(key, media_type)


@federation.type(keys=["id"], description="Something somebody wanted others to see.")
class Post:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    shown: strawberry.Private[values.Shown | None] = None
    """None when nobody proved that the asker sees the post."""

    @federation.field(external=True, description="For us, who show them.")
    def media_ids(self) -> list[strawberry.ID] | None:
        raise SubgraphError("Post.mediaIds belongs to the posts subgraph.")

    @federation.field(requires=["mediaIds"], description=f"What it shows, in its order. {MAKING}")
    def media(self, info: MediaInfo) -> list[Media] | None:
        return _shown(info, self.shown)


@federation.type(keys=["id"], description="What a post said and showed until it was edited.")
class PostEdit:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    shown: strawberry.Private[values.Shown | None] = None
    """As of a post."""

    @federation.field(external=True, description="For us, who show them.")
    def media_ids(self) -> list[strawberry.ID] | None:
        raise SubgraphError("PostEdit.mediaIds belongs to the posts subgraph.")

    @federation.field(requires=["mediaIds"], description=f"What it showed then, in its order. {MAKING}")
    def media(self, info: MediaInfo) -> list[Media] | None:
        return _shown(info, self.shown)


@federation.type(keys=["id"], description="A picture in the gallery of an event.")
class EventImage:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    shown: strawberry.Private[values.Shown | None] = None
    """As of a post, of events: one at most."""

    @federation.field(external=True, description="For us, who show it.")
    def media_id(self) -> strawberry.ID | None:
        raise SubgraphError("EventImage.mediaId belongs to the events subgraph.")

    @federation.field(
        requires=["mediaId"], description=f"The picture; null too when it was just deleted. {MAKING}"
    )
    def media(self, info: MediaInfo) -> Media | None:
        if not self.shown:
            return None
        return info.context.loaders.shown.answer(self.shown, _only_one)


def _shown(info: MediaInfo, ids: values.Shown | None) -> list[Media] | None:
    """Nothing is asked for what shows nothing."""
    if not ids:
        return None if ids is None else []
    return info.context.loaders.shown.answer(ids, _media_types)


def _only_one(found: Iterable[values.Media] | None) -> Media | None:
    return next(iter(_media_types(found)), None)


def _media_types(found: Iterable[values.Media] | None) -> list[Media]:
    return [media_type(one) for one in found or ()]


@strawberry.type(description="One field of the form that an upload is sent with.")
class UploadField:
    name: str = strawberry.field(description="What it is called.")
    value: str = strawberry.field(description="What it has to say, exactly.")


@strawberry.type(description="A part of a large file that is still to be sent.")
class UploadPart:
    number: int = strawberry.field(description="From 1: the first 8 MiB are part 1, and so on.")
    size_bytes: int = strawberry.field(description="Exactly so many, by PUT.")
    url: URL = strawberry.field(description="Where.")


@strawberry.type(
    description="How a file is sent to the store: by a form (POST, its fields, then the file as `file`), "
    "or in parts (PUT each). completeUpload says that it has arrived."
)
class DirectUpload:
    media: Media = strawberry.field(description="What will come of it.")
    url: URL | None = strawberry.field(description="Where the form is sent; null for a file in parts.")
    fields: list[UploadField] = strawberry.field(description="Of the form, before the file.")
    parts: list[UploadPart] = strawberry.field(description="What is still missing, of a file in parts.")
    expires_at: datetime = strawberry.field(
        description="Until when it may be sent; resumeUpload prolongs it."
    )


@strawberry.type(description="What your media come to.")
class MediaUsage:
    used_megabytes: float = strawberry.field(description="Of all that is being uploaded or is there.")
    quota_megabytes: float = strawberry.field(description="What it may come to.")


@strawberry.type(description="What may be uploaded for a purpose.")
class UploadRule:
    purpose: values.Purpose = strawberry.field(description="For what.")
    kind: values.Kind = strawberry.field(description="What it is.")
    content_types: list[str] = strawberry.field(description="Of these types.")
    most_bytes: int = strawberry.field(description="No larger than this.")


def media_type(record: values.Media) -> Media:
    return Media(
        record=record,
        id=strawberry.ID(str(record.id)),
        kind=record.kind,
        purpose=record.purpose,
        status=record.status,
        content_type=record.content_type,
        size_bytes=record.size,
        width=record.width,
        height=record.height,
        alt_text=record.alt_text,
        blurhash=record.blurhash,
        created_at=record.created_at,
    )


def direct_upload(ticket: values.Ticket) -> DirectUpload:
    return DirectUpload(
        media=media_type(ticket.media),
        url=None if ticket.url is None else URL(ticket.url),
        fields=[UploadField(name=name, value=value) for name, value in ticket.fields],
        parts=[
            UploadPart(number=part.number, size_bytes=part.size, url=URL(part.url)) for part in ticket.parts
        ],
        expires_at=ticket.media.expires_at,
    )


def media_connection(page: Page[values.Media], counter: Counter) -> Connection[Media]:
    return connection(page, media_type, lambda one: values.NEWEST_MEDIA.cursor(one.position), counter)


def _rendition(info: MediaInfo, one: values.Rendition) -> MediaRendition:
    return MediaRendition(
        variant=one.variant,
        content_type=one.content_type,
        size_bytes=one.size,
        width=one.width,
        height=one.height,
        url=URL(info.context.services.grants.address(one.place)),
    )


def _is_own(info: MediaInfo, record: values.Media) -> bool:
    viewer = info.context.request.known_viewer
    return viewer is not None and (viewer.is_admin or viewer.id == record.user_id)
