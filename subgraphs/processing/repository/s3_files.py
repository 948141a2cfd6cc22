"""Uploaded files and the sound made of them, in S3. Nothing is read whole into memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

from db.objects import fetch_object, find_size, list_keys, put_object
from db.s3 import S3Store
from subgraphs.processing.values import Source

SOUND = "tracks"
AT_ONCE = 8
KINDS = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".m4s": "video/iso.segment",
    ".json": "application/json",
}


class S3FileRepository:
    def __init__(self, s3: S3Store) -> None:
        self._s3 = s3

    async def size_of(self, source: Source) -> int | None:
        """None when there is no such file."""
        return await find_size(self._s3, source.bucket, source.key)

    async def fetch(self, source: Source, path: Path) -> None:
        await fetch_object(self._s3, source.bucket, source.key, path)

    async def keep_folder(self, folder: Path, prefix: str) -> None:
        """Every file of the folder, under the prefix."""
        await self._s3.ensure_bucket(SOUND)
        turns = asyncio.Semaphore(AT_ONCE)

        async def keep(path: Path) -> None:
            async with turns:
                data = await asyncio.to_thread(path.read_bytes)
                key = f"{prefix}/{path.relative_to(folder).as_posix()}"
                await put_object(self._s3, SOUND, key, data, KINDS[path.suffix])

        keeping = [asyncio.ensure_future(keep(path)) for path in await asyncio.to_thread(_files, folder)]
        try:
            await asyncio.gather(*keeping)
        finally:
            for each in keeping:
                each.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)

    async def switch(self, file_key: str, playlist: bytes) -> None:
        """From here on listeners hear what the playlist names: one object, so all of it or nothing."""
        await put_object(self._s3, SOUND, f"{file_key}/master.m3u8", playlist, KINDS[".m3u8"])

    async def forget_others(self, file_key: str, prefix: str) -> None:
        """What earlier jobs of the track have left."""
        keys = await list_keys(self._s3, SOUND, f"{file_key}/")
        kept = (f"{prefix}/", f"{file_key}/master.m3u8")
        async with self._s3.use() as client:
            for key in sorted(keys):
                if not key.startswith(kept):
                    await client.delete_object(Bucket=SOUND, Key=key)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
