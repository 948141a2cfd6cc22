"""Media over real stores: uploads go the way that clients send them, jobs run when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from db.clients import Stores
from db.config import DomainStore
from db.objects import find_object, list_keys
from db.postgres import Database, connect
from db.redis import connect as connect_redis
from db.s3 import S3Store, open_s3
from subgraphs.kit.config import MediaConfig, SubgraphConfig
from subgraphs.kit.jobs import Queue
from subgraphs.kit.outbox import Message
from subgraphs.kit.subgraph import Subgraph
from subgraphs.media import app
from subgraphs.media.places import BUCKETS
from subgraphs.media.repository import PostgresWorkRepository, S3FileRepository, hear_of_shown
from subgraphs.media.repository.postgres import MAKE
from subgraphs.media.repository.removal import REMOVE
from subgraphs.media.service import Collecting, Rendering
from tests.subgraphs.support import Person, act, config_in, data
from tests.support.seaweedfs import shared_seaweedfs

TICKET = """upload { media { id status } url fields { name value } expiresAt
    parts { number sizeBytes url } }"""
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
MEDIA = """id status kind purpose contentType sizeBytes width height altText blurhash filename reason
    durationSeconds owner { id } renditions { variant contentType width height sizeBytes url } url"""


@dataclass(frozen=True)
class Media:
    subgraph: Subgraph
    database: Database
    config: SubgraphConfig
    s3: S3Store
    web: httpx.AsyncClient

    def person(self, **given: Any) -> Person:
        return Person(self.config, **given)

    async def shown_by(self, post: str, *ids: str) -> None:
        """As posts tells it."""
        rows = [{"media_id": each, "post_id": post} for each in ids]
        await self.hear(rows, [])

    async def hear(self, rows: Sequence[Any], gone: Sequence[Any]) -> None:
        told = Message("posts.media", "post_media_news", "PostMediaTold", {"rows": rows, "gone": gone})
        async with self.database.write() as session:
            await hear_of_shown(session, told)

    async def start(self, who: Person, content: bytes, kind: str = "image/jpeg", **given: Any) -> Any:
        asked = {"purpose": "POST", "filename": "me.jpg", "contentType": kind, "sizeBytes": len(content)}
        payload = await act(self.subgraph, "startUpload", who.headers, TICKET, **(asked | given))
        assert payload["errors"] == [], payload["errors"]
        return payload["upload"]

    async def send(self, upload: Any, content: bytes) -> int:
        """As a browser does; the store's status."""
        fields = {field["name"]: field["value"] for field in upload["fields"]}
        sent = await self.web.post(upload["url"], data=fields, files={"file": ("../../x", content)})
        return sent.status_code

    async def uploaded(self, who: Person, content: bytes, kind: str = "image/jpeg", **given: Any) -> str:
        """Begun and sent, not completed; its id."""
        upload = await self.start(who, content, kind, **given)
        assert await self.send(upload, content) == 204
        return str(upload["media"]["id"])

    async def complete(self, who: Person, media_id: str) -> Any:
        selection = f"media {{ {MEDIA} }}"
        return await act(self.subgraph, "completeUpload", who.headers, selection, mediaId=media_id)

    async def ready(self, who: Person, content: bytes, kind: str = "image/jpeg", **given: Any) -> Any:
        """Uploaded, completed and made, as its owner sees it."""
        media_id = await self.uploaded(who, content, kind, **given)
        assert (await self.complete(who, media_id))["errors"] == []
        await self.work()
        return await self.seen(who, media_id)

    async def seen(self, who: Person | None, media_id: str) -> Any:
        headers = None if who is None else who.headers
        query = f"query($id: ID!) {{ media(id: $id) {{ {MEDIA} }} }}"
        return (await data(self.subgraph, query, headers, id=media_id))["media"]

    def rendering(self, files: S3FileRepository | None = None) -> Queue:
        handle = Rendering(PostgresWorkRepository(), files or S3FileRepository(self.s3)).handle
        return Queue(MAKE, handle, self.database)

    @property
    def collecting(self) -> Collecting:
        return Collecting(PostgresWorkRepository(), S3FileRepository(self.s3))

    async def work(self) -> None:
        """Everything that is to be made, and to be taken away."""
        for queue in (self.rendering(), Queue(REMOVE, self.collecting.remove, self.database)):
            while await queue.step():
                pass

    async def run(self, statement: str, **given: Any) -> list[Any]:
        async with self.database.write() as session:
            done = await session.execute(text(statement), given)
            return [tuple(row) for row in done] if done.returns_rows else []

    async def told(self, media_id: str) -> Sequence[str]:
        """What others were told of it."""
        rows = await self.run("SELECT type FROM outbox WHERE key = :key ORDER BY id", key=media_id)
        return [kind for (kind,) in rows]

    async def files(self, who: Person) -> dict[str, list[str]]:
        """What lies in each bucket of somebody's, without their id."""
        found = {}
        for bucket in BUCKETS:
            await self.s3.ensure_bucket(bucket)
            keys = await list_keys(self.s3, bucket, f"{who.id}/")
            if keys:
                found[bucket] = sorted(key.removeprefix(f"{who.id}/") for key in keys)
        return found

    async def file(self, rendition: Any) -> bytes:
        """A rendition's bytes, from the address that was told."""
        got = await self.get(rendition["url"])
        assert got.status_code == 200, got.text
        return bytes(got.content)

    async def get(self, url: str, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=list(self.subgraph.routes)))
        async with httpx.AsyncClient(transport=transport, base_url="http://graph") as client:
            return await client.get(url, headers=headers)

    async def stored(self, bucket: str, key: str) -> bytes | None:
        found = await find_object(self.s3, bucket, key)
        return None if found is None else found.data


@pytest.fixture
async def media(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Media]:
    database, keys = connect(stores["media"]), MediaConfig(tmp_path / "media.key")
    config = replace(config_in(tmp_path), media=keys)
    nowhere = connect_redis("redis://127.0.0.1:1")
    async with open_s3(shared_seaweedfs()) as s3, httpx.AsyncClient() as web:
        opened = Stores("media", database, opened_redis=nowhere, opened_s3=s3)
        yield Media(app.build(config, opened), database, config, s3, web)
    await database.close()
