"""Files over HTTP.

GET|HEAD /media/<bucket>/<user>/<…>     403 for an address that is not good, 503 while the store is away

Nothing is read whole: a browser asks for ranges of a video, and gets them as they come from the store. What
is sent can do nothing in our origin: its type is ours, is not guessed at, and a document is only ever saved.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from db.clients import Stores
from db.errors import StoreError
from db.objects import MISSING
from subgraphs.media.places import DOCUMENTS, KEPT
from subgraphs.media.service.grants import ROUTE, BadGrant, Grants
from subgraphs.media.values import Place

ANSWER_SECONDS = 10.0
CHUNK = 64 * 1024
OPEN_SECONDS = 24 * 3600
UNSATISFIABLE, NOT_MODIFIED = 416, 304
GUARDED = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "accept-ranges": "bytes",
}
AWAY = {"retry-after": "5"}


def media_routes(grants: Grants, stores: Stores) -> Sequence[BaseRoute]:
    async def file(request: Request) -> Response:
        path = request.path_params
        place = Place(path["bucket"], f"{path['user']}/{path['rest']}")
        if place.bucket not in KEPT:
            return Response(status_code=404)
        try:
            query = request.query_params
            until = grants.require(place, query.get("until"), query.get("signature"))
        except BadGrant:
            return Response("This address is not good, or no longer: ask for another.", status_code=403)
        return await answer(request, place, until)

    async def answer(request: Request, place: Place, until: int | None) -> Response:
        if stores.opened_s3 is None:
            return Response(status_code=503, headers=AWAY)
        try:
            async with stores.s3.use() as client, asyncio.timeout(ANSWER_SECONDS):
                found = await client.get_object(Bucket=place.bucket, Key=place.key, **_wanted(request))
        except (StoreError, TimeoutError):
            return Response(status_code=503, headers=AWAY)
        except ClientError as error:
            return _refused(error)
        status, headers = 206 if "ContentRange" in found else 200, _headers(found, place, until)
        if request.method == "HEAD":
            found["Body"].close()
            return Response(status_code=status, headers=headers)
        return StreamingResponse(_chunks(found["Body"]), status, headers)

    return [Route(f"{ROUTE}/{{bucket}}/{{user:uuid}}/{{rest:path}}", file, methods=["GET", "HEAD"])]


def _wanted(request: Request) -> Mapping[str, str]:
    names = {"range": "Range", "if-none-match": "IfNoneMatch"}
    return {ours: request.headers[name] for name, ours in names.items() if name in request.headers}


def _refused(error: ClientError) -> Response:
    code = error.response["Error"]["Code"]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in MISSING:
        return Response(status_code=404)
    if status in (UNSATISFIABLE, NOT_MODIFIED):
        return Response(status_code=status)
    return Response(status_code=503, headers=AWAY)


def _headers(found: Mapping[str, Any], place: Place, until: int | None) -> dict[str, str]:
    seconds = OPEN_SECONDS if until is None else max(0, until - int(time.time()))
    headers = {
        **GUARDED,
        "content-type": found["ContentType"],
        "content-length": str(found["ContentLength"]),
        "etag": found["ETag"],
        "cache-control": f"{'public' if until is None else 'private'}, max-age={seconds}, immutable",
    }
    if "ContentRange" in found:
        headers["content-range"] = found["ContentRange"]
    if place.bucket == DOCUMENTS:
        headers["content-disposition"] = "attachment"
    return headers


async def _chunks(body: Any) -> AsyncIterator[bytes]:
    async with body:
        async for chunk in body.content.iter_chunked(CHUNK):
            yield chunk
