"""The studio at `/`: files built into router/studio/assets, and nothing from any other host.

Files under static/ have their content in their name and never change; the page itself is asked for anew
each time, so that it always names the current ones.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

STUDIO_PATH = "/"
Page = Callable[[Request], Awaitable[Response]]
ASSETS = Path(__file__).resolve().parent.parent / "studio" / "assets"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    )
)
SETTINGS = '<script type="application/json" id="plait-settings">'
PAGE_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = "The studio is not built. Build it with `make studio`; operations can be sent without it.\n"


def studio_routes(
    graphql_path: str, assets: Path = ASSETS, first_operation: str | None = None
) -> list[Route | Mount]:
    """`first_operation` is what an untouched editor shows."""
    page = _page(graphql_path, assets, first_operation)
    return [Route(STUDIO_PATH, page, methods=["GET"]), *asset_routes(assets)]


def studio_app(graphql_path: str, assets: Path = ASSETS, first_operation: str | None = None) -> ASGIApp:
    """The page alone, for where operations are served at its address."""
    page = _page(graphql_path, assets, first_operation)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await page(Request(scope))
        await response(scope, receive, send)

    return app


def _page(graphql_path: str, assets: Path, first_operation: str | None) -> Page:
    async def page(request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse(f"Plait router. Operations go to {graphql_path}.\n")
        where = request.scope.get("root_path", "") + graphql_path
        said = {"graphqlPath": where} | ({"firstOperation": first_operation} if first_operation else {})
        return page_response(assets / "index.html", said)

    return page


def page_response(
    page: Path, said: Mapping[str, object], headers: Mapping[str, str] = PAGE_HEADERS
) -> Response:
    """A page of the bundle with what is said to it, as JSON; `headers` for one with a policy of its own."""
    if not page.is_file():
        return PlainTextResponse(NOT_BUILT, status_code=503)
    return HTMLResponse(_with_settings(page.read_text(encoding="utf-8"), said), headers=headers)


def asset_routes(assets: Path = ASSETS) -> list[Route | Mount]:
    """What the pages are made of; nothing where they are not built."""
    static = assets / "static"
    return [Mount("/static", _ImmutableFiles(directory=static))] if static.is_dir() else []


def _with_settings(page: str, said: Mapping[str, object]) -> str:
    """The page with what this router says about itself, as JSON that cannot end the script element."""
    text = json.dumps(said).replace("<", "\\u003c")
    return page.replace(SETTINGS, f"{SETTINGS}{text}", 1)


class _ImmutableFiles(StaticFiles):
    """A file whose compressed form was built beside it is sent so to who takes that."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        packed = await self._packed(path, scope)
        response = packed or await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["cache-control"] = FOREVER
            response.headers["x-content-type-options"] = "nosniff"
            response.headers["vary"] = "accept-encoding"
        return response

    async def _packed(self, path: str, scope: Scope) -> Response | None:
        if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return None
        if not self.lookup_path(f"{path}.gz")[1]:
            return None
        response = await super().get_response(f"{path}.gz", scope)
        if response.status_code == 200:
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            response.headers["content-type"] = kind
            response.headers["content-encoding"] = "gzip"
        return response
