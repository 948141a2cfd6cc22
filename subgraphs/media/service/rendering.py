"""Making what is kept of an upload: a job (kit/jobs.py), killed anywhere done again.

    fetch ─► sniff again ─► make, confined ─► put each file ─► READY, told, the upload's removal

Files have the same names and bytes each time, and nobody is shown any of them before READY, which is written
in the job's own transaction. The upload is sniffed again, on our copy: the form it was sent with may have
been used once more after it was completed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from db.postgres import WriteSession
from subgraphs.kit.scratch import scratch
from subgraphs.media.accepted import KINDS
from subgraphs.media.making.faults import BadMedia
from subgraphs.media.making.limits import Limits
from subgraphs.media.making.picture import Drawn, DrawnFile, draw
from subgraphs.media.making.sniff import START_BYTES, content_type_of
from subgraphs.media.making.video import film
from subgraphs.media.places import for_processing, place_of
from subgraphs.media.repository.protocol import FileRepository, WorkRepository
from subgraphs.media.values import Kind, Made, Media, MediaId, Rendition, Variant

POSTER_TYPE = "image/png"
GONE = "The uploaded file is not there any more: upload it again."


class NotMade(Exception):
    """This machine could not, whatever is in the file: no room, no FFmpeg. Another try may."""

    code = "MEDIA_NOT_MADE"


@dataclass(frozen=True, slots=True)
class Rendering:
    work: WorkRepository
    files: FileRepository
    limits: Limits = field(default_factory=Limits)
    avif: bool = False

    async def handle(self, session: WriteSession, payload: Mapping[str, Any]) -> None:
        """Raises StoreUnavailable, NotMade: then it is tried again. An OSError of ours would read as the
        database's, whose transaction this is.
        """
        media = await self.work.find_waiting(session, MediaId(UUID(payload["media"])))
        if media is None:
            return
        try:
            made = await self._made(media)
        except BadMedia as bad:
            await self.work.give_up(session, media, bad.reason)
        except OSError as error:
            raise NotMade(str(error)) from error
        else:
            await self.work.finish(session, media, made)

    async def _made(self, media: Media) -> Made:
        with scratch("plait-media-") as folder:
            source = await self._fetched(media, folder / "source")
            content_type = _sniffed(source, media)
            match media.kind:
                case Kind.IMAGE:
                    return await self._picture(media, source, content_type)
                case Kind.VIDEO:
                    return await self._video(media, source, content_type)
                case Kind.DOCUMENT:
                    return await self._document(media, source, content_type)
                case Kind.AUDIO:
                    await self.files.keep(for_processing(media.user_id, media.id), source, content_type)
                    return Made(content_type, ())

    async def _fetched(self, media: Media, path: Path) -> Path:
        size = await self.files.size_of(media.place)
        if size is None:
            raise BadMedia(GONE)
        if size != media.size:
            raise BadMedia(f"It has {size:,} bytes, and was announced with {media.size:,}.")
        await self.files.fetch(media.place, path)
        return path

    async def _picture(self, media: Media, source: Path, content_type: str) -> Made:
        drawn = await self._drawn(source, content_type)
        renditions = await self._kept(media, drawn.files)
        return Made("image/jpeg", renditions, drawn.width, drawn.height, blurhash=drawn.blurhash)

    async def _video(self, media: Media, source: Path, content_type: str) -> Made:
        filmed = await film(source, content_type, source.parent, self.limits.video)
        drawn = await self._drawn(filmed.poster, POSTER_TYPE)
        pictures = [each for each in drawn.files if each.variant is not Variant.ORIGINAL]
        size = (drawn.width, drawn.height)
        video = DrawnFile(filmed.path, Variant.ORIGINAL, filmed.content_type, *size)
        renditions = await self._kept(media, (video, *pictures))
        return Made(
            filmed.content_type, renditions, *size, duration_ms=filmed.duration_ms, blurhash=drawn.blurhash
        )

    async def _drawn(self, source: Path, content_type: str) -> Drawn:
        return await draw(source, content_type, source.parent, self.limits.picture, avif=self.avif)

    async def _document(self, media: Media, source: Path, content_type: str) -> Made:
        place = place_of(media.user_id, media.id, media.purpose, media.kind, Variant.ORIGINAL, content_type)
        await self.files.keep(place, source, content_type)
        kept = Rendition(Variant.ORIGINAL, content_type, place.bucket, place.key, media.size)
        return Made(content_type, (kept,))

    async def _kept(self, media: Media, files: tuple[DrawnFile, ...]) -> tuple[Rendition, ...]:
        kept = []
        for file in files:
            owner, facts = media.user_id, (media.purpose, media.kind, file.variant, file.content_type)
            place = place_of(owner, media.id, *facts)
            await self.files.keep(place, file.path, file.content_type)
            made = (file.path.stat().st_size, file.width, file.height)
            kept.append(Rendition(file.variant, file.content_type, place.bucket, place.key, *made))
        return tuple(kept)


def _sniffed(source: Path, media: Media) -> str:
    with source.open("rb") as file:
        content_type = content_type_of(file.read(START_BYTES))
    if KINDS[content_type] is not media.kind:
        raise BadMedia(f"It was announced as {media.content_type} and is {content_type}.")
    return content_type
