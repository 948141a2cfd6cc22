"""What objects need of an S3 store: which there are, one of them whole or into a file, another one put there.

`find_object` and `put_object` are for objects of some kilobytes; the others never hold one in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from botocore.exceptions import ClientError

from db.s3 import S3Store

MISSING = {"NoSuchKey", "NoSuchBucket", "404"}
CHUNK = 1024 * 1024
MOST_DELETED = 1000
"""Keys of one request, by S3's rules."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    data: bytes
    content_type: str
    etag: str


async def find_object(s3: S3Store, bucket: str, key: str) -> StoredObject | None:
    """Read whole: for objects of some kilobytes. Raises StoreUnavailable."""
    try:
        async with s3.use() as client:
            found = await client.get_object(Bucket=bucket, Key=key)
            async with found["Body"] as body:
                return StoredObject(await body.read(), found["ContentType"], found["ETag"])
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return None
        raise


async def list_keys(s3: S3Store, bucket: str, prefix: str) -> set[str]:
    """Raises StoreUnavailable. O(keys), a thousand a request."""
    keys: set[str] = set()
    async with s3.use() as client:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        async for page in pages:
            keys.update(one["Key"] for one in page.get("Contents", ()))
    return keys


async def put_object(s3: S3Store, bucket: str, key: str, data: bytes, content_type: str) -> None:
    """Raises StoreUnavailable, StoreFull."""
    async with s3.use() as client:
        await client.put_object(Bucket=bucket, Key=key, Body=data, ContentType=content_type)


async def find_size(s3: S3Store, bucket: str, key: str) -> int | None:
    """In bytes; None when there is no such object. Raises StoreUnavailable."""
    try:
        async with s3.use() as client:
            head = await client.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return None
        raise
    return int(head["ContentLength"])


async def read_start(s3: S3Store, bucket: str, key: str, most: int) -> bytes:
    """The first bytes of an object that is not empty. Raises StoreUnavailable."""
    async with s3.use() as client:
        found = await client.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{most - 1}")
        async with found["Body"] as body:
            start: bytes = await body.read()
            return start[:most]


async def fetch_object(s3: S3Store, bucket: str, key: str, path: Path) -> None:
    """Into a file. Raises StoreUnavailable; ClientError when there is none."""
    async with s3.use() as client:
        found = await client.get_object(Bucket=bucket, Key=key)
        async with found["Body"] as body:
            with path.open("wb") as file:
                async for chunk in body.content.iter_chunked(CHUNK):
                    await asyncio.to_thread(file.write, chunk)


async def put_file(s3: S3Store, bucket: str, key: str, path: Path, content_type: str) -> None:
    """In parts when it is large; nobody sees it before it is whole. Raises StoreUnavailable, StoreFull."""
    async with s3.use() as client:
        with path.open("rb") as file:
            await client.upload_fileobj(file, bucket, key, ExtraArgs={"ContentType": content_type})


async def copy_object(s3: S3Store, source: tuple[str, str], target: tuple[str, str]) -> None:
    """Within the store; each is bucket and key. Raises StoreUnavailable, StoreFull."""
    (from_bucket, from_key), (bucket, key) = source, target
    async with s3.use() as client:
        await client.copy({"Bucket": from_bucket, "Key": from_key}, bucket, key)


async def delete_objects(s3: S3Store, bucket: str, keys: Iterable[str]) -> None:
    """Those that are there; done twice it is done once. Raises StoreUnavailable."""
    every = sorted(set(keys))
    async with s3.use() as client:
        for start in range(0, len(every), MOST_DELETED):
            some = [{"Key": key} for key in every[start : start + MOST_DELETED]]
            try:
                await client.delete_objects(Bucket=bucket, Delete={"Objects": some, "Quiet": True})
            except ClientError as error:
                if error.response["Error"]["Code"] not in MISSING:
                    raise


async def list_objects(s3: S3Store, bucket: str) -> AsyncIterator[tuple[str, datetime]]:
    """Every key with the time of its last change, a thousand a request. Raises StoreUnavailable."""
    async with s3.use() as client:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        try:
            async for page in pages:
                for one in page.get("Contents", ()):
                    yield one["Key"], one["LastModified"]
        except ClientError as error:
            if error.response["Error"]["Code"] not in MISSING:
                raise
