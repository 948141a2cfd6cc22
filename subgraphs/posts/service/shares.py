"""Shares: posts that people take elsewhere. Who did is told to nobody; how often, and where to, is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.posts.repository.protocol import ShareRepository
from subgraphs.posts.service.readers import reader_of
from subgraphs.posts.values import AuthorId, Post, PostId, ShareTarget


@dataclass(frozen=True, slots=True)
class Shares:
    shares: ShareRepository

    async def share(
        self, viewer: Viewer, post_id: PostId, target: ShareTarget, attempt: Attempt | None, checks: Checks
    ) -> Post:
        """Counts each time. Raises Refused (InvalidInput, NotFound, Conflict)."""
        checks.done()
        reader = reader_of(viewer)
        post = await self.shares.share(reader, AuthorId(viewer.id), post_id, target, attempt)
        if post is None:
            raise Refused(not_found("post", "postId"))
        return post

    async def count(self, posts: Sequence[PostId]) -> Mapping[PostId, Mapping[ShareTarget, int]]:
        """Of posts the viewer was shown."""
        return await self.shares.count(posts)
