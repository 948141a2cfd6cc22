"""Pictures of events, by who runs them."""

from __future__ import annotations

import strawberry

from subgraphs.events.types import Event, EventsInfo, event_type
from subgraphs.events.types.gallery import EventImage, image_type
from subgraphs.events.values import EventId
from subgraphs.events.values_gallery import MOST_IMAGES, ImageId, MediaId
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

ALT_TEXT = "What it shows, for who cannot see it: up to 1000 characters."
OWN_EVENT = "One that you host, or of the organization that you act for."
OF_OWN_EVENT = "Of an event that you host, or of the organization that you act for."


@strawberry.input(description="A picture for the gallery of an event.")
class AddEventImageInput:
    event_id: strawberry.ID = strawberry.field(description=f"{OWN_EVENT} Not a cancelled one.")
    media_id: strawberry.ID = strawberry.field(
        description="A picture that you uploaded for a POST, and that has arrived."
    )
    alt_text: str | None = strawberry.field(default=None, description=ALT_TEXT)


@strawberry.input(description="What a picture shows.")
class DescribeEventImageInput:
    image_id: strawberry.ID = strawberry.field(description=OF_OWN_EVENT)
    alt_text: str | None = strawberry.field(description=f"{ALT_TEXT} Null: nothing is said.")


@strawberry.input(description="In which order the pictures of an event hang.")
class ReorderEventImagesInput:
    event_id: strawberry.ID = strawberry.field(description=OWN_EVENT)
    image_ids: list[strawberry.ID] = strawberry.field(description="All of them, each once, in their order.")


@strawberry.input(description="Which picture is removed.")
class RemoveEventImageInput:
    image_id: strawberry.ID = strawberry.field(description=f"{OF_OWN_EVENT} Any, for administrators.")


@payload
class AddEventImagePayload:
    image: EventImage | None = outcome("The picture, behind the others.")
    errors: list[UserError] = problems()


@payload
class DescribeEventImagePayload:
    image: EventImage | None = outcome("The picture as it is described now.")
    errors: list[UserError] = problems()


@payload
class ReorderEventImagesPayload:
    event: Event | None = outcome("The event with its pictures in that order.")
    errors: list[UserError] = problems()


@payload
class RemoveEventImagePayload:
    removed_image_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@strawberry.type(description="Pictures of events.")
class GalleryMutations:
    @mutation(
        AddEventImagePayload,
        description=f"Hang a picture into an event's gallery, which takes {MOST_IMAGES}. One that hangs "
        "there already stays where it is.",
    )
    async def add_event_image(
        self, info: EventsInfo, input: AddEventImageInput
    ) -> AddEventImagePayload | None:
        request, checks = info.context.request, Checks()
        request.require_viewer()
        event_id = EventId(checks.id(input.event_id, "eventId"))
        media_id = MediaId(checks.id(input.media_id, "mediaId"))
        added = await info.context.galleries.add(request, event_id, media_id, input.alt_text, checks)
        return AddEventImagePayload(image=image_type(added))

    @mutation(DescribeEventImagePayload, description="Say what a picture of an event shows.")
    async def describe_event_image(
        self, info: EventsInfo, input: DescribeEventImageInput
    ) -> DescribeEventImagePayload | None:
        request, checks = info.context.request, Checks()
        viewer, image_id = request.require_viewer(), _id(checks, input.image_id)
        galleries = info.context.galleries
        described = await galleries.describe(viewer, image_id, input.alt_text, checks, request.actor)
        return DescribeEventImagePayload(image=image_type(described))

    @mutation(ReorderEventImagesPayload, description="Hang the pictures of an event in another order.")
    async def reorder_event_images(
        self, info: EventsInfo, input: ReorderEventImagesInput
    ) -> ReorderEventImagesPayload | None:
        request, checks = info.context.request, Checks()
        viewer, event_id = request.require_viewer(), EventId(checks.id(input.event_id, "eventId"))
        some = input.image_ids[: MOST_IMAGES + 1]
        ids = [ImageId(checks.id(text, ("imageIds", at))) for at, text in enumerate(some)]
        event = await info.context.galleries.reorder(viewer, event_id, ids, checks, request.actor)
        return ReorderEventImagesPayload(event=event_type(event))

    @mutation(
        RemoveEventImagePayload,
        description="Take a picture out of an event's gallery. Its upload goes with the last that shows it.",
    )
    async def remove_event_image(
        self, info: EventsInfo, input: RemoveEventImageInput
    ) -> RemoveEventImagePayload | None:
        request, checks = info.context.request, Checks()
        viewer, image_id = request.require_viewer(), _id(checks, input.image_id)
        gone = await info.context.galleries.remove(viewer, image_id, checks, request.actor)
        return RemoveEventImagePayload(removed_image_id=strawberry.ID(str(gone)))


def _id(checks: Checks, text: str) -> ImageId:
    return ImageId(checks.id(text, "imageId"))
