"""Liking posts and comments, and no longer. Doing it twice is doing it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.interactions.repository import Counters, Hidden, InteractionRepository
from subgraphs.interactions.service.asked_posts import AskedPosts
from subgraphs.interactions.service.comments import Comments
from subgraphs.interactions.values import Comment, CommentId, Counts, Like, PersonId, Post, PostId
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks


@dataclass(frozen=True, slots=True)
class Likes:
    interactions: InteractionRepository
    counters: Counters
    posts: AskedPosts
    comments: Comments

    async def like_post(self, request: Request, post_id: PostId, checks: Checks) -> Post:
        """Raises Refused (NotFound), PeerUnavailable."""
        viewer = request.require_viewer()
        checks.done()
        post = await self.posts.find(post_id, request)
        counts = None if post is None else await self.interactions.like_post(post, PersonId(viewer.id))
        if post is None or counts is None:
            raise Refused(not_found("post", "postId"))
        await self.counters.try_to_put({post.id: counts})
        return post

    async def unlike_post(self, request: Request, post_id: PostId, checks: Checks) -> Post:
        """Raises Refused (NotFound), PeerUnavailable."""
        viewer = request.require_viewer()
        checks.done()
        post = await self.posts.find(post_id, request)
        if post is None:
            raise Refused(not_found("post", "postId"))
        counts = await self.interactions.unlike_post(post, PersonId(viewer.id))
        await self.counters.try_to_put({post.id: counts})
        return post

    async def like_comment(self, request: Request, comment_id: CommentId, checks: Checks) -> Comment:
        """Raises Refused (NotFound), PeerUnavailable."""
        viewer = request.require_viewer()
        checks.done()
        seen = await self.comments.find_seen([comment_id], request)
        liked = None
        if comment_id in seen:
            liked = await self.interactions.like_comment(comment_id, PersonId(viewer.id))
        if liked is None:
            raise Refused(not_found("comment", "commentId"))
        return liked

    async def unlike_comment(self, request: Request, comment_id: CommentId, checks: Checks) -> Comment:
        """Raises Refused (NotFound), PeerUnavailable."""
        viewer = request.require_viewer()
        checks.done()
        seen = await self.comments.find_seen([comment_id], request)
        left = None
        if comment_id in seen:
            left = await self.interactions.unlike_comment(comment_id, PersonId(viewer.id))
        if left is None:
            raise Refused(not_found("comment", "commentId"))
        return left

    async def find_liked(self, user: PersonId, targets: Sequence[UUID]) -> frozenset[UUID]:
        return await self.interactions.find_liked(user, targets)

    async def list_likes(
        self, targets: Sequence[UUID], hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Like]]:
        return await self.interactions.list_likes(targets, hidden, page)

    async def count(self, posts: Sequence[PostId]) -> Mapping[PostId, Counts]:
        """From Redis; what is not there, from the store, and into Redis. Every post has an answer."""
        known = dict(await self.counters.find(posts))
        if len(known) < len(posts):
            missing = [post_id for post_id in posts if post_id not in known]
            found = await self.interactions.read_counts(missing)
            fresh = {post_id: found.get(post_id, Counts()) for post_id in missing}
            await self.counters.try_to_put(fresh)
            known |= fresh
        return known
