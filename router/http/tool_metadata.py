"""Where assistants learn who issues tokens for the tools (`router/mcp/oauth.py`); any page may read it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

SECONDS_KEPT = 3600


def metadata_routes(paths: Iterable[str], body: bytes) -> list[BaseRoute]:
    headers = {"access-control-allow-origin": "*", "cache-control": f"public, max-age={SECONDS_KEPT}"}

    async def read(request: Request) -> Response:
        return Response(body, headers=headers, media_type="application/json")

    return [Route(path, read, methods=["GET"]) for path in paths]
