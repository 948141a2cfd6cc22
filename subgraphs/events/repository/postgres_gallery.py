"""Pictures of events in PostgreSQL. What changes the list as a whole takes the event's lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, delete, insert, select, update

from db.arrays import among
from db.postgres import Database, WriteSession
from db.statements import per_shape
from subgraphs.events.models import events
from subgraphs.events.models.gallery import event_images
from subgraphs.events.repository.changing import Kind, change
from subgraphs.events.repository.rows import EVENTS, event_of, lock, visible_to, writing
from subgraphs.events.values import Event, EventId, Reader
from subgraphs.events.values_gallery import (
    MOST_IMAGES,
    Allow,
    DecideImage,
    EventImage,
    ImageId,
    NewImage,
    NotHung,
)
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message

ENTITY = "event image"
HUNG = event_images.c
COLUMNS = [HUNG[name] for name in EventImage.__dataclass_fields__]
GONE = frozenset({"MediaDeleted", "MediaMissing"})


class PostgresGalleryRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewImage, reader: Reader, actor: Actor, allow: Allow) -> EventImage | NotHung:
        async with writing(self._database, reader) as session:
            if (event := await _locked(session, new.event_id, reader)) is None:
                return NotHung.NO_EVENT
            allow(event)
            hung = await _hung(session, new.event_id)
            for image in hung:
                if image.media_id == new.media_id:
                    return image
            if len(hung) >= MOST_IMAGES:
                return NotHung.FULL
            values = {name: getattr(new, name) for name in NewImage.__dataclass_fields__}
            last = max((image.position for image in hung), default=0)
            added = insert(event_images).values(**values, position=last + 1).returning(*COLUMNS)
            image = image_of((await session.execute(added)).one())
            about = {"event_id": [None, new.event_id], "media_id": [None, new.media_id]}
            await audit.record(session, actor, "add", ENTITY, image.id, about)
            return image

    async def reorder(
        self, event_id: EventId, ids: Sequence[ImageId], reader: Reader, actor: Actor, allow: Allow
    ) -> Event | NotHung:
        """All of them, each once; the same order again writes nothing."""
        async with writing(self._database, reader) as session:
            if (event := await _locked(session, event_id, reader)) is None:
                return NotHung.NO_EVENT
            allow(event)
            hung = [image.id for image in await _hung(session, event_id)]
            if sorted(hung) != sorted(ids):
                return NotHung.OTHERS
            if hung != list(ids):
                positions = case({each: at for at, each in enumerate(ids, 1)}, value=HUNG.id)
                await session.execute(
                    update(event_images).where(HUNG.event_id == event_id).values(position=positions)
                )
                told = {"images": [[str(each) for each in hung], [str(each) for each in ids]]}
                await audit.record(session, actor, "order images", "event", event_id, told)
            return event

    async def change(
        self, image: ImageId, reader: Reader, actor: Actor, decide: DecideImage
    ) -> EventImage | None:
        return await change(self._database, KIND, image, reader, [], actor, decide)

    async def find_by_ids(self, ids: Sequence[ImageId], reader: Reader) -> Mapping[ImageId, EventImage]:
        async with self._database.read(reader.tenant) as session:
            return {row.id: image_of(row) for row in await session.fetch(_found(ids, reader))}

    async def list_by_events(self, ids: Sequence[EventId]) -> Mapping[EventId, tuple[EventImage, ...]]:
        found: dict[EventId, list[EventImage]] = defaultdict(list)
        async with self._database.read() as session:
            for row in await session.fetch(_listed(ids)):
                found[row.event_id].append(image_of(row))
        return {event: tuple(images) for event, images in found.items()}


async def hear_of_media(session: WriteSession, message: Message) -> None:
    """Uploads that are gone, or were before media heard that an event shows them."""
    if message.type in GONE:
        await session.execute(delete(event_images).where(HUNG.media_id == UUID(message.key)))


async def _locked(session: WriteSession, event_id: EventId, reader: Reader) -> Event | None:
    await lock(session, event_id)
    row = (await session.execute(EVENTS.where(events.c.id == event_id, visible_to(reader)))).first()
    return None if row is None else event_of(row)


async def _hung(session: WriteSession, event_id: EventId) -> list[EventImage]:
    found = select(*COLUMNS).where(HUNG.event_id == event_id).order_by(HUNG.position, HUNG.id)
    return [image_of(row) for row in await session.execute(found)]


@per_shape
def _found(ids: Sequence[ImageId], reader: Reader) -> Select[Any]:
    return select(*COLUMNS).join_from(event_images, events).where(among(HUNG.id, ids), visible_to(reader))


@per_shape
def _listed(ids: Sequence[EventId]) -> Select[Any]:
    """Of events that the reader sees."""
    return select(*COLUMNS).where(among(HUNG.event_id, ids)).order_by(HUNG.event_id, HUNG.position, HUNG.id)


def image_of(row: Any) -> EventImage:
    return EventImage(**{name: row._mapping[name] for name in EventImage.__dataclass_fields__})


KIND: Kind[EventImage] = Kind(ENTITY, event_images, image_of)
