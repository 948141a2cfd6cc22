"""The studio at `/`: files built into router/studio/assets, and nothing from any other host.

Files under static/ have their content in their name and never change; the page itself is asked for anew
each time, so that it always names the current ones.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

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
PAGE_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = "The studio is not built. Build it with `make studio`, or send operations to {path}.\n"


def studio_routes(graphql_path: str, assets: Path = ASSETS) -> list[Route | Mount]:
    async def page(request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse(f"Plait router. Operations go to {graphql_path}.\n")
        index = assets / "index.html"
        if not index.is_file():
            return PlainTextResponse(NOT_BUILT.format(path=graphql_path), status_code=503)
        where = request.scope.get("root_path", "") + graphql_path
        return HTMLResponse(_told(index.read_text(encoding="utf-8"), where), headers=PAGE_HEADERS)

    routes: list[Route | Mount] = [Route("/", page, methods=["GET"])]
    if (assets / "static").is_dir():
        routes.append(Mount("/static", _ImmutableFiles(directory=assets / "static")))
    return routes


def _told(page: str, graphql_path: str) -> str:
    """The page, told where operations go."""
    return page.replace("<head>", f'<head><meta name="graphql-path" content="{escape(graphql_path)}">', 1)


class _ImmutableFiles(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["cache-control"] = FOREVER
            response.headers["x-content-type-options"] = "nosniff"
        return response
