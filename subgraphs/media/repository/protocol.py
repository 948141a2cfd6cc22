"""What the services ask of the stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from db.multipart import SentPart, Unfinished
from db.postgres import WriteSession
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.media.values import (
    Made,
    Media,
    MediaId,
    NewMedia,
    OwnerId,
    Part,
    Place,
    Status,
    Usage,
)


class MediaRepository(Protocol):
    async def add(self, new: NewMedia, quota: int, lasts: timedelta, actor: Actor) -> Media | Usage:
        """What there is for somebody whose quota would not hold it. Of several at once none is let by."""
        ...

    async def begin_parts(self, media_id: MediaId, upload_id: str) -> bool:
        """Note how its parts are called; False when another has noted them, or it is not uploading."""
        ...

    async def prolong(self, media_id: MediaId, lasts: timedelta, longest: timedelta) -> Media | None:
        """It may be uploaded for longer, up to so long after it was begun. None when it is not uploading."""
        ...

    async def set_uploaded(self, media_id: MediaId, content_type: str) -> Media | None:
        """It is there, and a worker is to look at it. Done once; None when it was not uploading any more."""
        ...

    async def fail(self, media_id: MediaId, reason: str) -> None: ...

    async def find_by_ids(self, ids: Sequence[MediaId]) -> Mapping[MediaId, Media]: ...

    async def list_by_owner(self, owner: OwnerId, page: PageRequest) -> Page[Media]: ...

    async def count_by_owner(self, owner: OwnerId) -> int: ...

    async def sum_by_owner(self, owner: OwnerId) -> int: ...

    async def describe(self, media_id: MediaId, alt_text: str | None, actor: Actor) -> Media | None: ...

    async def remove(self, media_id: MediaId, actor: Actor) -> bool: ...


class WorkRepository(Protocol):
    """In the transaction of a job."""

    async def find_waiting(self, session: WriteSession, media_id: MediaId) -> Media | None:
        """If it is to be made."""
        ...

    async def finish(self, session: WriteSession, media: Media, made: Made) -> bool:
        """And the others are told. False when it was deleted meanwhile: what was made is taken away."""
        ...

    async def give_up(self, session: WriteSession, media: Media, reason: str) -> None: ...

    async def end_half_uploads(self, session: WriteSession) -> int:
        """Those whose time is over, some at once; how many there were."""
        ...

    async def end_stuck(self, session: WriteSession) -> None:
        """Those that no job is going to make any more."""
        ...

    async def find_kept(
        self, session: WriteSession, ids: Collection[UUID], among: Collection[Status]
    ) -> frozenset[UUID]: ...


class FileRepository(Protocol):
    """Objects in S3. All but the signing raise StoreUnavailable."""

    async def form(self, place: Place, content_type: str, size: int, seconds: int) -> tuple[str, Any]: ...

    async def begin(self, place: Place, content_type: str) -> str: ...

    async def part(self, place: Place, upload_id: str, number: int, size: int, seconds: int) -> Part: ...

    async def sent_parts(self, place: Place, upload_id: str) -> Mapping[int, SentPart] | None: ...

    async def join(self, place: Place, upload_id: str, parts: Mapping[int, SentPart]) -> None: ...

    async def drop(self, place: Place, upload_id: str) -> None: ...

    async def size_of(self, place: Place) -> int | None: ...

    async def start_of(self, place: Place, most: int) -> bytes: ...

    async def fetch(self, place: Place, path: Path) -> None: ...

    async def keep(self, place: Place, path: Path, content_type: str) -> None: ...

    async def copy(self, source: Place, target: Place) -> None: ...

    async def remove(self, places: Sequence[Place]) -> None: ...

    def list_all(self, bucket: str) -> AsyncIterator[tuple[str, datetime]]: ...

    def list_unfinished(self) -> AsyncIterator[Unfinished]: ...
