"""What small public objects need of an S3 store: which there are, one of them, another one put there."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import ClientError

from db.s3 import S3Store

MISSING = {"NoSuchKey", "NoSuchBucket", "404"}


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
