"""Sound and payouts over HTTP.

GET /streaming/<grant>/<file>             a playlist or a segment; 403 for an address that is not good
GET /streaming/payouts/<month>.csv        with an administrator's access token
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from db.clients import Stores
from db.errors import StoreError, StoreUnavailable
from db.objects import find_object
from subgraphs.kit.auth import TokenVerifier, Viewer
from subgraphs.kit.errors import SubgraphError
from subgraphs.kit.jwks import KeysUnavailable
from subgraphs.streaming.service import Payouts, Streams
from subgraphs.streaming.service.streams import BadGrant

BUCKET = "tracks"
"""Where processing puts what it has made: `<file key>/<file>`."""
ANSWER_SECONDS = 10.0
KINDS = {"m3u8": "application/vnd.apple.mpegurl", "mp4": "video/mp4", "m4s": "video/iso.segment"}
STATUS = {"FORBIDDEN": 403, "BAD_USER_INPUT": 400}
AWAY = Response(status_code=503, headers={"retry-after": "5"})


def streaming_routes(
    streams: Streams, payouts: Payouts, verifier: TokenVerifier, stores: Stores
) -> Sequence[BaseRoute]:
    async def sound(request: Request) -> Response:
        file = request.path_params["file"]
        try:
            grant = streams.opened(request.path_params["grant"])
            async with asyncio.timeout(ANSWER_SECONDS):
                key = await streams.find_key(grant, file)
                found = None if key is None else await find_object(stores.s3, BUCKET, key)
        except BadGrant:
            return Response("This address is not good, or no longer: ask for another.", status_code=403)
        except (StoreError, TimeoutError):
            return AWAY
        if found is None:
            return Response(status_code=404)
        kind = KINDS.get(file.rpartition(".")[2], "application/json")
        headers = {"cache-control": "private, max-age=600", "x-content-type-options": "nosniff"}
        return Response(found.data, media_type=kind, headers=headers)

    async def table(request: Request) -> Response:
        try:
            viewer = await verifier.identify(request.headers.get("authorization"))
            if not isinstance(viewer, Viewer):
                return Response("Send an access token.", status_code=401)
            text = await payouts.as_csv(viewer, request.path_params["month"])
        except SubgraphError as error:
            return Response(error.message, status_code=STATUS.get(error.code, 400))
        except (StoreUnavailable, KeysUnavailable):
            return AWAY
        return Response(text, media_type="text/csv", headers={"cache-control": "no-store"})

    return [
        Route("/streaming/payouts/{month}.csv", table, methods=["GET"]),
        Route("/streaming/{grant}/{file:path}", sound, methods=["GET"]),
    ]
