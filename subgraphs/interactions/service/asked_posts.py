"""Which posts somebody may see: posts is asked, in the name of who asks us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from subgraphs.interactions.values import PersonId, Post, PostId
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request

ASKED = "posts"
QUERY = """query SeenPosts($posts: [_Any!]!) {
    _entities(representations: $posts) { ... on Post { id author { id } } } }"""


@dataclass(frozen=True, slots=True)
class AskedPosts:
    peers: Peers

    async def find_by_ids(self, ids: Sequence[PostId], request: Request) -> Mapping[PostId, Post]:
        """Those of them that the sender may see. Raises PeerUnavailable."""
        wanted = [{"__typename": "Post", "id": str(post_id)} for post_id in ids]
        data = await self.peers.ask(
            ASKED,
            QUERY,
            {"posts": wanted},
            request_id=request.actor.request_id,
            authorization=request.headers.get("authorization"),
            whole=True,
        )
        posts = [_post(found) for found in data["_entities"] if found is not None]
        return {post.id: post for post in posts}

    async def find(self, post_id: PostId, request: Request) -> Post | None:
        return (await self.find_by_ids([post_id], request)).get(post_id)


def _post(found: Mapping[str, Any]) -> Post:
    return Post(PostId(UUID(found["id"])), PersonId(UUID(found["author"]["id"])))
