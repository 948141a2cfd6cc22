"""The pictures of the demo world: drawn once, kept in the S3 store, served at /media/<bucket>/demo/<file>.

Only the demo's own pictures are served here, to anybody; what people upload is the media domain's, which
takes the path over.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from plait.cli.domains import progress
from subgraphs.kit.demo.pictures.book import BUCKETS, FOLDER, ROUTE

if TYPE_CHECKING:
    from db.config import S3Location
    from db.embedded import EmbeddedSeaweedFS
    from db.s3 import S3Store
    from plait.cli.settings import Settings

FILE = re.compile(r"[a-z0-9-]{1,80}\.webp")
ANSWER_SECONDS = 5.0
"""A picture has some kilobytes: a store that takes longer hangs, and its client would wait on."""
HEADERS = {"cache-control": "public, max-age=86400", "x-content-type-options": "nosniff"}


class PictureStore:
    """Where the pictures are kept, if anywhere: in the configured S3 store, or in the embedded one beside an
    embedded PostgreSQL. That one takes seconds to start, and starts while other things are made ready.
    """

    def __init__(
        self, configured: S3Location | None, starting: asyncio.Future[EmbeddedSeaweedFS] | None
    ) -> None:
        self._configured = configured
        self._starting = starting

    async def location(self) -> S3Location | None:
        """Waits for the start. Raises EmbeddedStoreError."""
        if self._starting is None:
            return self._configured
        return (await asyncio.shield(self._starting)).location

    async def stop(self) -> None:
        """What is still starting is waited for: a server that came up meanwhile is not forgotten."""
        from db.errors import EmbeddedStoreError

        if self._starting is not None:
            with suppress(EmbeddedStoreError):
                await asyncio.to_thread((await self._starting).stop)


@asynccontextmanager
async def picture_store(settings: Settings) -> AsyncIterator[PictureStore]:
    """The store runs for as long as the block, if it is ours."""
    from db.embedded import start_seaweedfs

    starting = None
    if needs_embedded_store(settings):
        start = partial(start_seaweedfs, settings.home, progress=progress)
        starting = asyncio.get_running_loop().run_in_executor(None, start)  # at once, not with the next step
    store = PictureStore(settings.stores.s3, starting)
    try:
        yield store
    finally:
        await store.stop()


def needs_embedded_store(settings: Settings) -> bool:
    """Where all databases are somebody else's, nothing is started beside them."""
    from db.embedded.seaweedfs import is_installed

    embedded = any(settings.stores.urls(domain) is None for domain in settings.domains)
    return settings.stores.s3 is None and embedded and is_installed()


async def keep_pictures(location: S3Location, names: Collection[str]) -> int:
    """Draw and store the pictures that are not there yet; how many that were. Raises StoreUnavailable."""
    from db.objects import list_keys, put_object
    from db.s3 import open_s3
    from subgraphs.kit.demo.pictures.draw import CONTENT_TYPE, draw_picture

    async with open_s3(location) as s3:
        there: set[str] = set()
        for bucket in BUCKETS:
            await s3.ensure_bucket(bucket)
            there |= {f"{bucket}/{key}" for key in await list_keys(s3, bucket, f"{FOLDER}/")}
        missing = sorted(set(names) - there)
        for name in missing:
            bucket, _, key = name.partition("/")
            await put_object(s3, bucket, key, await asyncio.to_thread(draw_picture, name), CONTENT_TYPE)
    return len(missing)


class OpenedAtNeed:
    """The store's client, made when the first picture is asked for: its libraries take half a second to load,
    which a start need not wait for. Closed with the stack.
    """

    def __init__(self, stack: AsyncExitStack, location: S3Location) -> None:
        self._stack = stack
        self._location = location
        self._one_at_a_time = asyncio.Lock()
        self._opened: S3Store | None = None

    async def get(self) -> S3Store:
        async with self._one_at_a_time:
            if self._opened is None:
                open_s3 = await asyncio.to_thread(_library)
                self._opened = await self._stack.enter_async_context(open_s3(self._location))
            return self._opened


def _library() -> Callable[[S3Location], AbstractAsyncContextManager[S3Store]]:
    from db.s3 import open_s3

    return open_s3


def picture_route(opened: Callable[[], Awaitable[S3Store]]) -> Route:
    """404 for everything but the demo's pictures; 503 while the store is away or hangs."""
    from db.errors import StoreUnavailable

    async def picture(request: Request) -> Response:
        bucket, file = request.path_params["bucket"], request.path_params["file"]
        if bucket not in BUCKETS or not FILE.fullmatch(file):
            return Response(status_code=404)
        try:
            s3 = await opened()
            from db.objects import find_object  # loaded by now, or quickly

            async with asyncio.timeout(ANSWER_SECONDS):
                found = await find_object(s3, bucket, f"{FOLDER}/{file}")
        except (StoreUnavailable, TimeoutError):
            return Response(status_code=503, headers={"retry-after": "5"})
        if found is None:
            return Response(status_code=404)
        headers = {**HEADERS, "etag": found.etag}
        if request.headers.get("if-none-match") == found.etag:
            return Response(status_code=304, headers=headers)
        return Response(found.data, media_type=found.content_type, headers=headers)

    return Route(f"{ROUTE}/{{bucket}}/{FOLDER}/{{file}}", picture, methods=["GET"])
