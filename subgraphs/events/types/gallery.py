"""Pictures of events in GraphQL. The picture itself is media's, which requires `mediaId`: who has been told
of it sees the event.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import strawberry
from strawberry import federation
from strawberry.federation.schema_directives import ListSize

from subgraphs.events import values, values_gallery
from subgraphs.events.types.invitations import EventsInfo

ALL = ListSize(
    assumed_size=values_gallery.MOST_IMAGES,
    slicing_arguments=None,
    sized_fields=None,
    require_one_slicing_argument=False,
)


@federation.type(keys=["id"], description="A picture in the gallery of an event.")
class EventImage:
    id: strawberry.ID = strawberry.field(description="Its own for good.")
    media_id: strawberry.ID | None = federation.field(
        inaccessible=True, description="For the media subgraph, which shows it to who has been told of it."
    )
    alt_text: str | None = strawberry.field(description="What it shows, for who cannot see it.")
    order: int = strawberry.field(description="Where it hangs: lower comes first. Numbers may be left out.")
    created_at: datetime = strawberry.field(description="When it was added.")


@strawberry.type
class WithGallery:
    """What `Event` has for them."""

    if TYPE_CHECKING:
        record: values.Event

    @strawberry.field(
        description=f"Its pictures in their order, {values_gallery.MOST_IMAGES} at most.", directives=[ALL]
    )
    def images(self, info: EventsInfo) -> list[EventImage]:
        return info.context.loaders.images.answer(self.record.id, _image_types)


def image_type(image: values_gallery.EventImage) -> EventImage:
    return EventImage(
        id=strawberry.ID(str(image.id)),
        media_id=strawberry.ID(str(image.media_id)),
        alt_text=image.alt_text,
        order=image.position,
        created_at=image.created_at,
    )


def _image_types(found: Iterable[values_gallery.EventImage] | None) -> list[EventImage]:
    return [image_type(image) for image in found or ()]
