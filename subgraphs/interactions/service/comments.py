"""Comments and what is answered to them: who may write, change and remove which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from msgspec import structs

from subgraphs.interactions.errors import too_deep
from subgraphs.interactions.repository import (
    Counters,
    Hidden,
    InteractionRepository,
    PostgresBlockRepository,
)
from subgraphs.interactions.service.asked_posts import AskedPosts
from subgraphs.interactions.values import (
    Comment,
    CommentId,
    CommentOrder,
    NewComment,
    NoParent,
    PersonId,
    PostId,
)
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

TEXT_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Comments:
    interactions: InteractionRepository
    blocks: PostgresBlockRepository
    counters: Counters
    posts: AskedPosts

    async def find_hidden(self, request: Request) -> Hidden:
        """Who is not there for the sender. Administrators see everybody: they may remove it."""
        viewer = request.known_viewer
        if viewer is None or viewer.is_admin:
            return None
        return await self.blocks.find_hidden(PersonId(viewer.id))

    async def find_by_ids(self, ids: Sequence[CommentId]) -> Mapping[CommentId, Comment]:
        """Of posts that the asker is known to see."""
        return await self.interactions.find_comments(ids)

    async def find_seen(self, ids: Sequence[CommentId], request: Request) -> Mapping[CommentId, Comment]:
        """Those of them that the sender may see. Raises PeerUnavailable."""
        found = await self.interactions.find_comments(ids)
        hidden = frozenset(await self.find_hidden(request) or ()) if found else frozenset()
        of_posts = list(dict.fromkeys(comment.post_id for comment in found.values()))
        posts = await self.posts.find_by_ids(of_posts, request) if of_posts else {}
        return {
            comment.id: comment
            for comment in found.values()
            if comment.post_id in posts
            and comment.author_id not in hidden
            and as_shown(comment, request) is comment
        }

    async def list_comments(
        self, threads: Sequence[UUID], order: CommentOrder, hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Comment]]:
        return await self.interactions.list_comments(threads, order, hidden, page)

    async def count_comments(self, threads: Sequence[UUID], hidden: Hidden) -> Mapping[UUID, int]:
        return await self.interactions.count_comments(threads, hidden)

    async def create(
        self,
        request: Request,
        checks: Checks,
        *,
        post_id: PostId,
        parent_id: CommentId | None,
        text: str,
    ) -> Comment:
        """Raises Refused (InvalidInput, NotFound, ThreadTooDeep), PeerUnavailable."""
        viewer = request.require_viewer()
        kept = checks.prose(text, "text", "A comment", least=1, most=TEXT_CHARACTERS)
        checks.done()
        post = await self.posts.find(post_id, request)
        if post is None:
            raise Refused(not_found("post", "postId"))
        if parent_id is not None and parent_id not in await self._seen_of(post_id, parent_id, request):
            raise Refused(not_found("comment", "parentId"))
        new = NewComment(CommentId(uuid4()), post, parent_id, PersonId(viewer.id), kept)
        match await self.interactions.add_comment(new):
            case None:
                raise Refused(not_found("post", "postId"))
            case NoParent.GONE:
                raise Refused(not_found("comment", "parentId"))
            case NoParent.TOO_DEEP:
                raise Refused(too_deep())
            case comment, counts:
                await self.counters.try_to_put({post.id: counts})
                return comment

    async def update(self, request: Request, comment_id: CommentId, text: str, checks: Checks) -> Comment:
        """Raises Refused (InvalidInput, NotFound), Forbidden, PeerUnavailable."""
        viewer = request.require_viewer()
        kept = checks.prose(text, "text", "A comment", least=1, most=TEXT_CHARACTERS)
        checks.done()
        author = PersonId(viewer.id)
        changed = await self.interactions.edit_comment(comment_id, author, kept, request.actor)
        if changed is not None:
            return changed
        seen = (await self.find_seen([comment_id], request)).get(comment_id)
        if seen is None or seen.is_removed:
            raise Refused(not_found("comment", "commentId"))
        raise Forbidden("Only its author may change a comment.")

    async def remove(self, request: Request, comment_id: CommentId, checks: Checks) -> CommentId:
        """By its author, the post's author and administrators. Raises Refused (NotFound), Forbidden,
        PeerUnavailable.
        """
        viewer = request.require_viewer()
        checks.done()
        comment = (await self.interactions.find_comments([comment_id])).get(comment_id)
        if comment is None or comment.is_removed:
            raise Refused(not_found("comment", "commentId"))
        if viewer.id not in (comment.author_id, comment.post_author_id) and not viewer.is_admin:
            if comment_id in await self.find_seen([comment_id], request):
                raise Forbidden("A comment is removed by its author, the post's author or administrators.")
            raise Refused(not_found("comment", "commentId"))
        counts = await self.interactions.remove_comment(comment, request.actor)
        await self.counters.try_to_put({comment.post_id: counts})
        return comment_id

    async def _seen_of(
        self, post_id: PostId, comment_id: CommentId, request: Request
    ) -> Mapping[CommentId, Comment]:
        """The comment, if it is there for the sender and under this post, which they see."""
        hidden = frozenset(await self.find_hidden(request) or ())
        found = await self.interactions.find_comments([comment_id])
        return {
            key: comment
            for key, comment in found.items()
            if comment.post_id == post_id
            and comment.author_id not in hidden
            and as_shown(comment, request) is comment
        }


def as_shown(comment: Comment, request: Request) -> Comment:
    """One that moderators have hidden keeps its place: its text and author are for them and the author."""
    viewer = request.known_viewer
    if comment.hidden_at is None or comment.is_removed:
        return comment
    if viewer is not None and (viewer.is_moderator or viewer.id == comment.author_id):
        return comment
    return structs.replace(comment, author_id=None, text=None)
