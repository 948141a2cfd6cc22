"""Pictures of posts, and what posts said before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import federation

from subgraphs.kit.connections import Connection, Counter, connection
from subgraphs.kit.pages import Page
from subgraphs.kit.scalars import URL
from subgraphs.posts import values

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.


@strawberry.type(description="A picture of a post.")
class PostImage:
    url: URL = strawberry.field(description="Where it is.")
    alt_text: str | None = strawberry.field(description="What it shows, for those who do not see it.")


@federation.type(keys=["id"], description="What a post said and showed until it was edited.")
class PostEdit:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    media_ids: list[strawberry.ID] | None = federation.field(
        inaccessible=True,
        description="For the media subgraph, which shows them to who has been told of them.",
    )
    content: str = strawberry.field(description="Its text then.")
    images: list[PostImage] = strawberry.field(description="Its pictures then, in their order.")
    written_at: datetime = strawberry.field(description="Since when it said this.")
    replaced_at: datetime = strawberry.field(description="Until when.")


def image_types(images: Iterable[values.Image] | None) -> list[PostImage]:
    return [PostImage(url=URL(image.url), alt_text=image.alt_text) for image in images or ()]


def id_texts(ids: Iterable[UUID]) -> list[strawberry.ID]:
    return [strawberry.ID(str(each)) for each in ids]


def edit_connection(page: Page[values.Edit], counter: Counter) -> Connection[PostEdit]:
    return connection(page, edit_type, lambda edit: values.NEWEST_EDITS.cursor(edit.position), counter)


def edit_type(edit: values.Edit) -> PostEdit:
    return PostEdit(
        id=strawberry.ID(str(edit.id)),
        media_ids=id_texts(edit.media_ids),
        content=edit.content,
        images=image_types(edit.images),
        written_at=edit.written_at,
        replaced_at=edit.replaced_at,
    )
