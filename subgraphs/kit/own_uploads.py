"""Uploads that a domain is to show: media is asked, in the name of who writes, whose they are and how far.

    kinds = await kinds_of_own(peers, request, [media_id, …])        # ["IMAGE", None, "VIDEO"]

What comes back is as it was at that moment. Of an upload that is deleted before the write media tells
afterwards (`MediaMissing`, docs/domains/media.md), once it has heard that it is to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from subgraphs.kit.asking import ask_for
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request

AS_THEY_ARE = """query UploadsToShow($media: [_Any!]!) {
    _entities(representations: $media) { ... on Media { kind purpose status owner { id } } } }"""
ARRIVED = frozenset({"PROCESSING", "READY"})


async def kinds_of_own(peers: Peers, request: Request, ids: Sequence[UUID]) -> list[str | None]:
    """IMAGE or VIDEO of each upload that is the viewer's own, for showing to others, and has arrived; None of
    any other. Raises Refused (PeerFailed).
    """
    if not ids:
        return []
    asked = {"media": [{"__typename": "Media", "id": str(each)} for each in ids]}
    owner = str(request.require_viewer().id)

    def read(data: Mapping[str, Any]) -> list[str | None]:
        found: Sequence[Any] = data["_entities"]
        return [_kind(told, owner) for _id, told in zip(ids, found, strict=True)]

    return await ask_for(peers, "media", AS_THEY_ARE, asked, request, read)


def _kind(told: Any, owner: str) -> str | None:
    if told is None or told["owner"]["id"] != owner:
        return None
    return str(told["kind"]) if told["purpose"] == "POST" and told["status"] in ARRIVED else None
