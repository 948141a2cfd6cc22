"""Uploads that a post is to show: media is asked what they are (kit/own_uploads.py). Of one that is deleted
before the post is there we hear afterwards: repository/uploads.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.kit.own_uploads import kinds_of_own
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.validation import NO_ID, Checks
from subgraphs.posts.values import MediaId, Upload

MOST_UPLOADS = 10
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
        if NO_ID in ids or len(set(ids)) < len(texts):
            return tuple(Upload(each, is_video=False) for each in ids)  # refused, but not as an empty post
        kinds = await kinds_of_own(self.peers, request, ids)
        for at, kind in enumerate(kinds):
            checks.require(kind is not None, ("mediaIds", at), NONE_OF_YOURS)
        return tuple(Upload(each, is_video=kind == "VIDEO") for each, kind in zip(ids, kinds, strict=True))
