"""Pictures of events: who runs an event hangs, describes, orders and removes them, each from uploads of their
own. Whose an upload is, is asked of media; what is decided here is decided again under the event's lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from subgraphs.events.errors import event_closed
from subgraphs.events.limits import Limits
from subgraphs.events.repository.protocol import GalleryRepository
from subgraphs.events.service.questions import runs
from subgraphs.events.service.readers import reader_of
from subgraphs.events.values import Event, EventId, EventStatus, HostId
from subgraphs.events.values_gallery import (
    MOST_IMAGES,
    DecideImage,
    EventImage,
    ImageId,
    MediaId,
    NewImage,
    NotHung,
)
from subgraphs.events.values_said import Change
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.own_uploads import kinds_of_own
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks

MOST_ALT_TEXT = 1000
NONE_OF_YOURS = "There is no such picture of yours, uploaded for a POST, or its upload is not completed."
NOT_THEIRS = "Only the host and the event's organization change its pictures."
CHANGED = "Name every picture of the event once: others have been added or removed. Look at it again."


@dataclass(frozen=True, slots=True)
class Galleries:
    images: GalleryRepository
    peers: Peers
    limits: Limits

    async def add(
        self, request: Request, event_id: EventId, media_id: MediaId, alt_text: str | None, checks: Checks
    ) -> EventImage:
        """Raises Refused (InvalidInput, NotFound, EventClosed, Conflict, PeerFailed), Forbidden,
        RateLimited.
        """
        viewer, kept = request.require_viewer(), _alt_text(checks, alt_text)
        checks.done()
        await self.limits.picture(viewer.id)
        (kind,) = await kinds_of_own(self.peers, request, [media_id])
        checks.require(kind == "IMAGE", "mediaId", NONE_OF_YOURS)
        checks.done()
        new = NewImage(ImageId(uuid4()), event_id, media_id, HostId(viewer.id), kept)

        def allow(event: Event) -> None:
            _require_running(viewer, event)
            if event.status is EventStatus.CANCELLED:
                raise event_closed(event.status)

        match await self.images.add(new, reader_of(viewer), request.actor, allow):
            case EventImage() as image:
                return image
            case NotHung.FULL:
                raise Refused(conflict(f"An event has at most {MOST_IMAGES} pictures.", "eventId"))
            case _:
                raise Refused(not_found("event", "eventId"))

    async def describe(
        self, viewer: Viewer, image_id: ImageId, alt_text: str | None, checks: Checks, actor: Actor
    ) -> EventImage:
        """None takes the description away. Raises Refused (InvalidInput, NotFound), Forbidden."""
        kept = _alt_text(checks, alt_text)
        checks.done()

        def decide(image: EventImage, event: Event) -> Change:
            _require_running(viewer, event)
            same = image.alt_text == kept
            return Change(
                "describe", {} if same else {"alt_text": kept}, {"alt_text": [image.alt_text, kept]}
            )

        return await self._change(viewer, image_id, actor, decide)

    async def reorder(
        self, viewer: Viewer, event_id: EventId, ids: Sequence[ImageId], checks: Checks, actor: Actor
    ) -> Event:
        """Raises Refused (InvalidInput, NotFound, Conflict), Forbidden."""
        checks.done()
        match await self.images.reorder(
            event_id, ids, reader_of(viewer), actor, lambda event: _require_running(viewer, event)
        ):
            case Event() as event:
                return event
            case NotHung.OTHERS:
                raise Refused(conflict(CHANGED, "imageIds"))
            case _:
                raise Refused(not_found("event", "eventId"))

    async def remove(self, viewer: Viewer, image_id: ImageId, checks: Checks, actor: Actor) -> ImageId:
        """By who runs the event, and administrators. Raises Refused (NotFound), Forbidden."""
        checks.done()

        def decide(_image: EventImage, event: Event) -> Change:
            if not viewer.is_admin:
                _require_running(viewer, event)
            return Change("remove", None)

        return (await self._change(viewer, image_id, actor, decide)).id

    async def find_by_ids(
        self, ids: Sequence[ImageId], viewer: Viewer | None
    ) -> Mapping[ImageId, EventImage]:
        return await self.images.find_by_ids(ids, reader_of(viewer))

    async def list_by_events(self, ids: Sequence[EventId]) -> Mapping[EventId, tuple[EventImage, ...]]:
        return await self.images.list_by_events(ids)

    async def _change(
        self, viewer: Viewer, image_id: ImageId, actor: Actor, decide: DecideImage
    ) -> EventImage:
        changed = await self.images.change(image_id, reader_of(viewer), actor, decide)
        if changed is None:
            raise Refused(not_found("image", "imageId"))
        return changed


def _require_running(viewer: Viewer, event: Event) -> None:
    if not runs(viewer, event):
        raise Forbidden(NOT_THEIRS)


def _alt_text(checks: Checks, text: str | None) -> str | None:
    return checks.prose(text, "altText", "The text for who cannot see it", most=MOST_ALT_TEXT) or None
