"""Uploads and what is made of them, in S3. A bucket is made with its first use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from db import multipart
from db.errors import StoreUnavailable
from db.multipart import SentPart, Unfinished
from db.objects import (
    copy_object,
    delete_objects,
    fetch_object,
    find_size,
    list_objects,
    put_file,
    read_start,
)
from db.s3 import S3Store
from subgraphs.media.places import STAGING
from subgraphs.media.values import Part, Place


class S3FileRepository:
    def __init__(self, s3: S3Store | None) -> None:
        """Without a store each use of it raises StoreUnavailable: what needs none goes on."""
        self._opened = s3
        self._made: set[str] = set()

    @property
    def _s3(self) -> S3Store:
        if self._opened is None:
            raise StoreUnavailable("S3", "no store is configured", "S3")
        return self._opened

    async def form(
        self, place: Place, content_type: str, size: int, seconds: int
    ) -> tuple[str, dict[str, str]]:
        await self._ensure(place.bucket)
        return await self._s3.signed_post(place.bucket, place.key, content_type, size, seconds=seconds)

    async def begin(self, place: Place, content_type: str) -> str:
        await self._ensure(place.bucket)
        return await multipart.begin_parts(self._s3, place.bucket, place.key, content_type)

    async def part(self, place: Place, upload_id: str, number: int, size: int, seconds: int) -> Part:
        link = await multipart.part_link(
            self._s3, place.bucket, place.key, upload_id, number, size, seconds=seconds
        )
        return Part(number, size, link)

    async def sent_parts(self, place: Place, upload_id: str) -> Mapping[int, SentPart] | None:
        return await multipart.list_parts(self._s3, place.bucket, place.key, upload_id)

    async def join(self, place: Place, upload_id: str, parts: Mapping[int, SentPart]) -> None:
        await multipart.join_parts(self._s3, place.bucket, place.key, upload_id, parts)

    async def drop(self, place: Place, upload_id: str) -> None:
        await multipart.drop_parts(self._s3, place.bucket, place.key, upload_id)

    async def size_of(self, place: Place) -> int | None:
        return await find_size(self._s3, place.bucket, place.key)

    async def start_of(self, place: Place, most: int) -> bytes:
        return await read_start(self._s3, place.bucket, place.key, most)

    async def fetch(self, place: Place, path: Path) -> None:
        await fetch_object(self._s3, place.bucket, place.key, path)

    async def keep(self, place: Place, path: Path, content_type: str) -> None:
        await self._ensure(place.bucket)
        await put_file(self._s3, place.bucket, place.key, path, content_type)

    async def copy(self, source: Place, target: Place) -> None:
        await self._ensure(target.bucket)
        await copy_object(self._s3, (source.bucket, source.key), (target.bucket, target.key))

    async def remove(self, places: Sequence[Place]) -> None:
        keys: dict[str, list[str]] = defaultdict(list)
        for place in places:
            keys[place.bucket].append(place.key)
        for bucket, some in keys.items():
            await delete_objects(self._s3, bucket, some)

    def list_all(self, bucket: str) -> AsyncIterator[tuple[str, datetime]]:
        return list_objects(self._s3, bucket)

    def list_unfinished(self) -> AsyncIterator[Unfinished]:
        return multipart.list_unfinished(self._s3, STAGING)

    async def _ensure(self, bucket: str) -> None:
        if bucket not in self._made:
            await self._s3.ensure_bucket(bucket)
            self._made.add(bucket)
