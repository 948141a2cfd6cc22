"""Uploads to S3 in parts: begun, sent part by part by whoever holds the signed links, joined.

A part that was sent again replaces the one before; nothing is an object until the parts are joined, and what
is never joined is dropped (or lies there for good: S3 does not forget by itself).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

from db.objects import MISSING
from db.s3 import S3Store

GONE = MISSING | {"NoSuchUpload"}


@dataclass(frozen=True, slots=True)
class SentPart:
    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    key: str
    upload_id: str
    begun_at: datetime


async def begin_parts(s3: S3Store, bucket: str, key: str, content_type: str) -> str:
    """Its upload id. Raises StoreUnavailable, StoreFull."""
    async with s3.use() as client:
        begun = await client.create_multipart_upload(Bucket=bucket, Key=key, ContentType=content_type)
    return str(begun["UploadId"])


async def part_link(
    s3: S3Store, bucket: str, key: str, upload_id: str, number: int, size: int, *, seconds: int
) -> str:
    """Where one part of exactly so many bytes is PUT. Sends nothing."""
    more = {"UploadId": upload_id, "PartNumber": number, "ContentLength": size}
    return await s3.signed("upload_part", bucket, key, seconds=seconds, **more)


async def list_parts(s3: S3Store, bucket: str, key: str, upload_id: str) -> Mapping[int, SentPart] | None:
    """What has arrived, by number; None when it was joined or dropped. Raises StoreUnavailable."""
    found: dict[int, SentPart] = {}
    try:
        async with s3.use() as client:
            pages = client.get_paginator("list_parts").paginate(Bucket=bucket, Key=key, UploadId=upload_id)
            async for page in pages:
                for one in page.get("Parts", ()):
                    found[int(one["PartNumber"])] = SentPart(int(one["Size"]), str(one["ETag"]))
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return None
        raise
    return found


async def join_parts(
    s3: S3Store, bucket: str, key: str, upload_id: str, parts: Mapping[int, SentPart]
) -> None:
    """Joined already is joined. Raises StoreUnavailable."""
    listed = [{"PartNumber": number, "ETag": parts[number].etag} for number in sorted(parts)]
    try:
        async with s3.use() as client:
            await client.complete_multipart_upload(
                Bucket=bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": listed}
            )
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE:
            raise


async def drop_parts(s3: S3Store, bucket: str, key: str, upload_id: str) -> None:
    """Dropped already is dropped. Raises StoreUnavailable."""
    try:
        async with s3.use() as client:
            await client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id)
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE:
            raise


async def list_unfinished(s3: S3Store, bucket: str) -> AsyncIterator[Unfinished]:
    """Everything that was begun and neither joined nor dropped. Raises StoreUnavailable."""
    try:
        async with s3.use() as client:
            pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket)
            async for page in pages:
                for one in page.get("Uploads", ()):
                    yield Unfinished(str(one["Key"]), str(one["UploadId"]), one["Initiated"])
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE:
            raise
