"""Pictures of posts, and what posts said before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import strawberry

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


@strawberry.type(description="What a post said and showed until it was edited.")
class PostEdit:
    content: str = strawberry.field(description="Its text then.")
    images: list[PostImage] = strawberry.field(description="Its pictures then, in their order.")
    written_at: datetime = strawberry.field(description="Since when it said this.")
    replaced_at: datetime = strawberry.field(description="Until when.")


def image_types(images: Iterable[values.Image] | None) -> list[PostImage]:
    return [PostImage(url=URL(image.url), alt_text=image.alt_text) for image in images or ()]


def edit_connection(page: Page[values.Edit], counter: Counter) -> Connection[PostEdit]:
    return connection(page, _edit_type, lambda edit: values.NEWEST_EDITS.cursor(edit.position), counter)


def _edit_type(edit: values.Edit) -> PostEdit:
    return PostEdit(
        content=edit.content,
        images=image_types(edit.images),
        written_at=edit.written_at,
        replaced_at=edit.replaced_at,
    )
