"""`/demo`: a page that logs in as somebody of the demo world and plays their music, end to end.

Only `plait up` serves it: it names the demo's logins, and asks the graph for the demo's tracks. Nothing on it
is inline but the JSON it is told, which is data and no script, and nothing comes from elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from router.http.studio import ASSETS, PAGE_HEADERS, page_response

if TYPE_CHECKING:
    from subgraphs.users.demo import DemoLogin

PATH = "/demo"
NEEDED = frozenset({"users", "catalog", "processing", "streaming"})
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",  # the player fills the audio element's buffer
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {**PAGE_HEADERS, "content-security-policy": CONTENT_SECURITY_POLICY}


def demo_routes(
    domains: Collection[str], logins: Sequence[DemoLogin], tracks: Sequence[UUID], assets: Path = ASSETS
) -> Sequence[Route]:
    """None where a domain that the page asks is left out. What the page is made of is served by the studio.
    `tracks` are those that have sound, or will have.
    """
    if not NEEDED.issubset(domains):
        return []
    said = {"logins": [asdict(login) for login in logins], "tracks": [str(track) for track in tracks]}

    async def page(request: Request) -> Response:
        root = str(request.scope.get("root_path", ""))
        return page_response(assets / "demo.html", {"graphqlPath": f"{root}/graphql", **said}, HEADERS)

    return [Route(PATH, page, methods=["GET"])]
