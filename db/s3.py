"""How a service reaches an S3 store: one factory; every failure to reach it is StoreUnavailable.

async with open_s3(location) as s3:
    async with s3.use() as client:   await client.put_object(Bucket=…, Key=…, Body=…)
    url = await s3.signed("get_object", bucket, key, seconds=300)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import aioboto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.handlers import add_expect_header

from db.config import S3Location
from db.errors import StoreFull, StoreUnavailable
from db.watching import begin_call

CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=2,
    read_timeout=20,
    retries={"total_max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
EXISTS = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
FULL = {"XMinioStorageFull", "QuotaExceeded"}


@dataclass(frozen=True, slots=True)
class S3Store:
    location: S3Location
    client: Any
    """botocore makes its methods at run time; there are no types to name."""
    signer: Any
    """The same for the address browsers use: it is part of what is signed."""

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Any]:
        """Raises StoreUnavailable, or StoreFull; ClientError for what the store itself refuses."""
        target = self.location.endpoint
        try:
            yield self.client
        except ClientError as error:
            answer = error.response
            if answer.get("Error", {}).get("Code") in FULL:
                raise StoreFull(target, "its disk is full", "S3") from error
            if answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
                raise StoreUnavailable(target, str(error), "S3") from error
            raise
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise StoreUnavailable(target, str(error) or type(error).__name__, "S3") from error

    async def ensure_bucket(self, bucket: str) -> None:
        """Make it unless it is there; two at once both succeed."""
        async with self.use() as client:
            try:
                await client.create_bucket(Bucket=bucket)
            except ClientError as error:
                if error.response["Error"]["Code"] not in EXISTS:
                    raise

    async def signed(self, operation: str, bucket: str, key: str, *, seconds: int, **more: Any) -> str:
        """A link that allows one operation (`get_object`, `put_object`) on one key. Sends nothing."""
        parameters = {"Bucket": bucket, "Key": key, **more}
        link: str = await self.signer.generate_presigned_url(operation, Params=parameters, ExpiresIn=seconds)
        return link

    async def signed_post(
        self, bucket: str, key: str, content_type: str, size: int, *, seconds: int
    ) -> tuple[str, dict[str, str]]:
        """A form that lets a browser upload one object of this type and of exactly so many bytes: where it is
        sent, and its fields, which come before the file. The store refuses anything else. Sends nothing.
        """
        fixed = {"Content-Type": content_type}
        form = await self.signer.generate_presigned_post(
            bucket, key, fixed, [fixed, ["content-length-range", size, size]], seconds
        )
        return str(form["url"]), dict(form["fields"])

    async def ping(self) -> None:
        """Raises StoreUnavailable when it does not answer."""
        async with self.use() as client:
            await client.list_buckets()


@asynccontextmanager
async def open_s3(location: S3Location) -> AsyncIterator[S3Store]:
    """Connections are closed at the end of the block. Nothing is sent until the first request.

    A body goes with its head: who waits for `100 Continue` waits without a timeout (aiohttp starts to count
    when all is sent), so that a store that hangs would hold every upload for ever.
    """
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(_client(location, location.endpoint))
        events = client.meta.events
        events.unregister("before-call.s3", add_expect_header)
        events.register("before-call.s3", _began)
        events.register("after-call.s3", _answered)
        events.register("after-call-error.s3", _failed)
        public = location.public_endpoint
        signer = client if public is None else await stack.enter_async_context(_client(location, public))
        yield S3Store(location, client, signer)


SPAN = "plait_span"
"""Where botocore's context of a request keeps its span."""


def _began(model: Any, context: dict[str, Any], **more: Any) -> None:
    span = begin_call("s3", model.name)
    if span is not None:
        context[SPAN] = span


def _answered(http_response: Any, context: dict[str, Any], **more: Any) -> None:
    span = context.pop(SPAN, None)
    if span is not None:
        span.end(None if http_response.status_code < 400 else f"status {http_response.status_code}")


def _failed(exception: BaseException, context: dict[str, Any], **more: Any) -> None:
    span = context.pop(SPAN, None)
    if span is not None:
        span.end(type(exception).__name__)


@cache
def _session() -> aioboto3.Session:
    """One for all clients of the process: what botocore knows of S3 is a megabyte of JSON, read by each."""
    return aioboto3.Session()


def _client(location: S3Location, endpoint: str) -> Any:
    return _session().client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=location.access_key,
        aws_secret_access_key=location.secret_key,
        region_name=location.region,
        config=CONFIG,
    )
