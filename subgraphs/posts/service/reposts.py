"""Reposts: posts that people pass on, each once, with or without a comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.posts.repository.protocol import PostRepository, RepostRepository
from subgraphs.posts.service.readers import reader_of
from subgraphs.posts.values import AuthorId, Post, PostId, Repost, Reposter

COMMENT_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Reposts:
    reposts: RepostRepository
    posts: PostRepository

    async def repost(self, viewer: Viewer, post_id: PostId, comment: str, checks: Checks) -> Post:
        """Raises Refused (InvalidInput, NotFound)."""
        kept = checks.prose(comment, "comment", "A comment", most=COMMENT_CHARACTERS)
        checks.done()
        post = await self.reposts.repost(reader_of(viewer), AuthorId(viewer.id), post_id, kept)
        if post is None:
            raise Refused(not_found("post", "postId"))
        return post

    async def remove(self, viewer: Viewer, post_id: PostId, checks: Checks) -> Post | None:
        """Also of a post that can be seen no longer: then None. Raises Refused (NotFound) when there was
        neither.
        """
        checks.done()
        removed = await self.reposts.remove(AuthorId(viewer.id), post_id)
        post = (await self.posts.find_by_ids([post_id], reader_of(viewer))).get(post_id)
        if post is None and not removed:
            raise Refused(not_found("post", "postId"))
        return post

    async def find_reposted(self, viewer: Viewer, posts: Sequence[PostId]) -> frozenset[PostId]:
        """By the viewer."""
        return await self.reposts.find_reposted(AuthorId(viewer.id), posts)

    async def count(self, posts: Sequence[PostId], viewer: Viewer | None) -> Mapping[PostId, int]:
        """As many as `list_reposters` lists."""
        return await self.reposts.count(posts, reader_of(viewer))

    async def list_reposters(
        self, posts: Sequence[PostId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[PostId, Page[Reposter]]:
        """Who passed them on and is there for the viewer, newest first."""
        return await self.reposts.list_reposters(posts, reader_of(viewer), page)

    async def list_reposts(
        self, people: Sequence[AuthorId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[AuthorId, Page[Repost]]:
        """What they passed on, of what the viewer may see, newest first."""
        return await self.reposts.list_reposts(people, reader_of(viewer), page)

    async def count_reposts(
        self, people: Sequence[AuthorId], viewer: Viewer | None
    ) -> Mapping[AuthorId, int]:
        return await self.reposts.count_reposts(people, reader_of(viewer))
