"""Uploads that a post is to show: media is asked, in the author's name, whose they are and how far.

What comes back is as it was at that moment. One that is deleted before the post is there is told afterwards:
repository/uploads.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subgraphs.kit.asking import ask_for
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.validation import NO_ID, Checks
from subgraphs.posts.values import MediaId, Upload

MOST_UPLOADS = 10
AS_THEY_ARE = """query UploadsToShow($media: [_Any!]!) {
    _entities(representations: $media) { ... on Media { kind purpose status owner { id } } } }"""
ARRIVED = frozenset({"PROCESSING", "READY"})
NONE_OF_YOURS = "There is no such upload of yours for posts, or it is not completed."


@dataclass(frozen=True, slots=True)
class Uploads:
    peers: Peers

    async def to_show(self, request: Request, texts: Sequence[str], checks: Checks) -> tuple[Upload, ...]:
        """In their order; problems are noted in `checks`. Raises Refused (PeerFailed)."""
        some = texts[:MOST_UPLOADS]
        ids = [MediaId(checks.id(text, ("mediaIds", at))) for at, text in enumerate(some)]
        checks.require(len(texts) <= MOST_UPLOADS, "mediaIds", f"A post shows at most {MOST_UPLOADS}.")
        checks.require(len(set(ids)) == len(ids), "mediaIds", "Each only once.")
        if not ids or NO_ID in ids or len(set(ids)) < len(texts):
            return tuple(Upload(each, is_video=False) for each in ids)  # refused, but not as an empty post
        asked = {"media": [{"__typename": "Media", "id": str(each)} for each in ids]}
        found = await ask_for(self.peers, "media", AS_THEY_ARE, asked, request, _entities)
        author = str(request.require_viewer().id)
        return tuple(
            _upload(each, told, author, at, checks)
            for at, (each, told) in enumerate(zip(ids, found, strict=True))
        )


def _upload(media_id: MediaId, told: Any, author: str, at: int, checks: Checks) -> Upload:
    is_one = (
        told is not None
        and told["owner"]["id"] == author
        and told["purpose"] == "POST"
        and told["status"] in ARRIVED
    )
    checks.require(is_one, ("mediaIds", at), NONE_OF_YOURS)
    return Upload(media_id, is_video=is_one and told["kind"] == "VIDEO")


def _entities(data: Mapping[str, Any]) -> Sequence[Any]:
    found: Sequence[Any] = data["_entities"]
    return found
