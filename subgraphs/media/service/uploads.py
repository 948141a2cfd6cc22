"""Uploads: begun here, sent to the store, completed here.

    start ──► UPLOADING ──complete──► PROCESSING ──► READY      the worker's: service/rendering.py
                  │           └─────► FAILED                     it is something else than announced
                  └── its time is over: gone, with what has arrived

Bytes do not pass through here: the client sends them to the store by a form that the store itself holds to
type and size, or in parts, each signed for its own size. A small file may come through GraphQL instead.
Completing is for whoever began it, and twice is once: of several at once the first to write wins, and the
others answer with what is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.rate_limit import Limit, RateLimiter
from subgraphs.kit.scratch import scratch
from subgraphs.kit.uploads import UploadedFile
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.media.accepted import ACCEPTED, KINDS, MEGABYTE
from subgraphs.media.errors import incomplete, quota_exceeded
from subgraphs.media.making.faults import BadMedia
from subgraphs.media.making.sniff import START_BYTES, content_type_of
from subgraphs.media.places import staged
from subgraphs.media.repository.protocol import FileRepository, MediaRepository
from subgraphs.media.service.asking import ANNOUNCED, SENT, Wanted, checked, checked_kind
from subgraphs.media.values import (
    Kind,
    Media,
    MediaId,
    NewMedia,
    OwnerId,
    Part,
    Status,
    Ticket,
    Usage,
)

STARTS = Limit("start-upload", count=300, seconds=3600)
LASTS, LONGEST = timedelta(hours=1), timedelta(days=1)
"""An upload may be sent for an hour; resumed it is for another one, for a day in all."""
LARGE = 16 * 1024 * 1024
"""More is sent in parts: whoever loses the connection sends a part again, not the whole."""
PART_BYTES = 8 * 1024 * 1024
MOST_RECEIVED = 25 * MEGABYTE
"""Through GraphQL; the router's `uploads.max_file_bytes` may be less."""
READ_BYTES = 256 * 1024
TOO_LARGE = f"More than {MOST_RECEIVED // MEGABYTE} MB: begin a direct upload with startUpload."


@dataclass(frozen=True, slots=True)
class Uploads:
    media: MediaRepository
    files: FileRepository
    limiter: RateLimiter
    quota: int
    """Bytes of each person."""

    async def start(
        self, viewer: Viewer, wanted: Wanted, content_type: str, size: int, checks: Checks, actor: Actor
    ) -> Ticket:
        """Raises Refused (InvalidInput, MediaQuotaExceeded), RateLimited, StoreUnavailable."""
        good = checked(wanted, checks)
        kind = checked_kind(good.purpose, content_type, size, ANNOUNCED, checks)
        checks.done()
        media = await self._add(viewer, good, kind, content_type, size, actor)
        return await self._ticket(media)

    async def resume(self, viewer: Viewer, media_id: MediaId, checks: Checks) -> Ticket:
        """What is still to be sent. Raises Refused (NotFound, Conflict), StoreUnavailable."""
        media = await self._mine(viewer, media_id, checks)
        prolonged = await self.media.prolong(media.id, LASTS, LONGEST)
        if prolonged is None:
            raise Refused(conflict("The upload is completed, or over.", "mediaId"))
        return await self._ticket(prolonged)

    async def complete(self, viewer: Viewer, media_id: MediaId, checks: Checks) -> Media:
        """Raises Refused (NotFound, UploadIncomplete, InvalidInput), StoreUnavailable."""
        media = await self._mine(viewer, media_id, checks)
        if media.status is Status.UPLOADING:
            await self._join(media)
            media = await self._arrived(media)
        if media.status is Status.FAILED:
            raise Refused(invalid(str(media.reason), "mediaId"))
        return media

    async def receive(
        self, viewer: Viewer, wanted: Wanted, file: UploadedFile, checks: Checks, actor: Actor
    ) -> Media:
        """A small file that came with the mutation. Raises as `start` and `complete`, and what reading the
        file raises.
        """
        good = checked(wanted, checks)
        checks.done()
        with scratch("plait-upload-") as folder:
            path = folder / "file"
            size = await _saved(file, path)
            content_type = _type_of(path)
            kind = checked_kind(good.purpose, content_type, size, SENT, checks)
            checks.done()
            media = await self._add(viewer, good, kind, content_type, size, actor)
            await self.files.keep(media.place, path, content_type)
        return await self.media.set_uploaded(media.id, content_type) or media

    async def _add(
        self, viewer: Viewer, wanted: Wanted, kind: Kind, content_type: str, size: int, actor: Actor
    ) -> Media:
        await self.limiter.take(STARTS, str(viewer.id))
        owner, media_id = OwnerId(viewer.id), MediaId(uuid4())
        place = staged(owner, media_id)
        new = NewMedia(
            media_id,
            owner,
            wanted.purpose,
            kind,
            wanted.filename,
            content_type,
            size,
            place,
            None,
            wanted.track_id,
            wanted.alt_text,
        )
        added = await self.media.add(new, self.quota, LASTS, actor)
        if isinstance(added, Usage):
            raise quota_exceeded(added)
        return added

    async def _ticket(self, media: Media) -> Ticket:
        seconds = int(LASTS.total_seconds())
        if media.size <= LARGE:
            url, fields = await self.files.form(media.place, media.content_type, media.size, seconds)
            return Ticket(media, url, tuple(fields.items()))
        upload_id = media.upload_id or await self._begin_parts(media)
        sent = await self.files.sent_parts(media.place, upload_id) or {}
        sizes = part_sizes(media.size)
        missing = {number: size for number, size in sizes.items() if not _is_whole(sent.get(number), size)}
        parts: list[Part] = [
            await self.files.part(media.place, upload_id, number, size, seconds)
            for number, size in missing.items()
        ]
        return Ticket(media, parts=tuple(parts))

    async def _begin_parts(self, media: Media) -> str:
        """Of two at once one begins; what the other has begun is dropped."""
        begun = await self.files.begin(media.place, media.content_type)
        if await self.media.begin_parts(media.id, begun):
            return begun
        await self.files.drop(media.place, begun)
        found = (await self.media.find_by_ids([media.id])).get(media.id)
        if found is None or found.upload_id is None:
            raise Refused(conflict("The upload is completed, or over.", "mediaId"))
        return found.upload_id

    async def _join(self, media: Media) -> None:
        if media.upload_id is None:
            return
        sent = await self.files.sent_parts(media.place, media.upload_id)
        if sent is None:
            return  # somebody has joined them already
        sizes = part_sizes(media.size)
        if missing := [number for number, size in sizes.items() if not _is_whole(sent.get(number), size)]:
            raise incomplete(missing)
        await self.files.join(media.place, media.upload_id, {number: sent[number] for number in sizes})

    async def _arrived(self, media: Media) -> Media:
        """Looked at: how large it is and what it begins with."""
        size = await self.files.size_of(media.place)
        if size is None:
            found = (await self.media.find_by_ids([media.id])).get(media.id)
            if found is None or found.status is Status.UPLOADING:
                raise incomplete([])
            return found  # completed meanwhile, and its worker is done with it
        try:
            if size != media.size:
                raise BadMedia(f"It has {size:,} bytes, and was announced with {media.size:,}.")
            content_type = content_type_of(await self.files.start_of(media.place, START_BYTES))
            _require_kind(media, content_type)
        except BadMedia as bad:
            await self._fail(media, bad.reason)
        uploaded = await self.media.set_uploaded(media.id, content_type)
        if uploaded is not None:
            return uploaded
        found = (await self.media.find_by_ids([media.id])).get(media.id)
        if found is None:
            raise Refused(not_found("media", "mediaId"))
        return found

    async def _fail(self, media: Media, reason: str) -> NoReturn:
        await self.media.fail(media.id, reason)
        await self.files.remove([media.place])
        raise Refused(invalid(reason, "mediaId"))

    async def _mine(self, viewer: Viewer, media_id: MediaId, checks: Checks) -> Media:
        """Another's upload does not exist."""
        checks.done()
        found = (await self.media.find_by_ids([media_id])).get(media_id)
        if found is None or found.user_id != viewer.id:
            raise Refused(not_found("media", "mediaId"))
        return found


def part_sizes(size: int) -> dict[int, int]:
    """Number → bytes: all alike but the last."""
    count = -(-size // PART_BYTES)
    return {number: min(PART_BYTES, size - (number - 1) * PART_BYTES) for number in range(1, count + 1)}


def _is_whole(sent: object, size: int) -> bool:
    return getattr(sent, "size", None) == size


def _require_kind(media: Media, content_type: str) -> None:
    """A picture may be a PNG that was announced as JPEG; not a video."""
    if KINDS[content_type] is not media.kind or KINDS[content_type] not in ACCEPTED[media.purpose].kinds:
        raise BadMedia(f"It was announced as {media.content_type} and is {content_type}.")


async def _saved(file: UploadedFile, path: Path) -> int:
    """Its size. Raises Refused when it is larger than what comes this way may be."""
    size = 0
    with path.open("wb") as into:
        while chunk := await file.read(READ_BYTES):
            size += len(chunk)
            if size > MOST_RECEIVED:
                raise Refused(invalid(TOO_LARGE, "file"))
            await asyncio.to_thread(into.write, chunk)
    return size


def _type_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return content_type_of(file.read(START_BYTES))
    except BadMedia as bad:
        raise Refused(invalid(bad.reason, "file")) from bad
