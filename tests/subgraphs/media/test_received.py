"""Small files that come with the mutation, through the router."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from router import Router
from router.config import RouterConfig, UploadsConfig
from subgraphs.media.service.uploads import MOST_RECEIVED
from tests.subgraphs.media.conftest import Media
from tests.subgraphs.media.files import PDF, SVG, picture
from tests.subgraphs.support import Person

pytestmark = pytest.mark.xdist_group("seaweedfs")
SUPERGRAPH = Path(__file__).parents[3] / "schema" / "supergraph.graphql"
UPLOAD = """mutation($input: UploadMediaInput!) {
    uploadMedia(input: $input) { media { id status kind altText } errors { code path } } }"""
GUARD = {"apollo-require-preflight": "1"}


class File:
    """What a resolver is given."""

    content_type = "image/png"

    def __init__(self, content: bytes, filename: str | None = "x.png") -> None:
        self._left = content
        self.filename = filename

    async def read(self, size: int = -1) -> bytes:
        taken, self._left = self._left[:size], self._left[size:]
        return taken


async def received(media: Media, who: Person, content: bytes, **given: Any) -> Any:
    variables = {"input": {"purpose": "POST", "file": File(content)} | given}
    answer = await media.subgraph.execute(UPLOAD, variables, headers=who.headers)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["uploadMedia"]


async def test_a_file_goes_through_the_router_into_the_store_and_is_made(media: Media) -> None:
    ada, content = media.person(), picture()
    operations = {"query": UPLOAD, "variables": {"input": {"purpose": "POST", "file": None, "altText": "Me"}}}
    parts = [
        ("operations", (None, json.dumps(operations), "application/json")),
        ("map", (None, json.dumps({"0": ["variables.input.file"]}), "application/json")),
        ("0", ("../me.svg", content, "image/svg+xml")),
    ]
    config = RouterConfig(uploads=UploadsConfig(enabled=True))
    router = Router(SUPERGRAPH.read_text(encoding="utf-8"), {"media": media.subgraph}, config=config)
    headers = {**GUARD, **ada.headers}
    async with router:
        transport = httpx.ASGITransport(router.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://graph") as client:
            answer = (await client.post("/graphql", files=parts, headers=headers)).json()
    payload = answer["data"]["uploadMedia"]
    assert payload["errors"] == []
    assert (payload["media"]["status"], payload["media"]["altText"]) == ("PROCESSING", "Me")
    await media.work()
    shown = await media.seen(ada, payload["media"]["id"])
    assert (shown["status"], shown["filename"], len(shown["renditions"])) == ("READY", "../me.svg", 6)


async def test_what_is_no_picture_of_ours_is_refused_before_it_is_kept(media: Media) -> None:
    ada = media.person()
    for content, given in (
        (b"", {}),
        (SVG, {}),
        (PDF, {}),
        (picture(), {"purpose": "DOCUMENT"}),
        (b"x" * (MOST_RECEIVED + 1), {}),
    ):
        payload = await received(media, ada, content, **given)
        assert payload == {"media": None, "errors": [{"code": "INVALID_INPUT", "path": ["file"]}]}
    assert await media.run("SELECT count(*) FROM media") == [(0,)]
    assert await media.files(ada) == {}


async def test_a_file_without_a_name_is_one(media: Media) -> None:
    ada = media.person()
    payload = await received(media, ada, picture(), file=File(picture(), None))
    assert (await media.seen(ada, payload["media"]["id"]))["filename"] == "file"


async def test_who_is_not_logged_in_uploads_nothing(media: Media) -> None:
    variables = {"input": {"purpose": "POST", "file": File(picture())}}
    answer = await media.subgraph.execute(UPLOAD, variables)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
