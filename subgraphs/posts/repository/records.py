"""What posts keeps of somebody, for themselves: what they wrote, chose, passed on, saved and reported."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, select

from subgraphs.kit.records import Rows
from subgraphs.kit.reports import reports_by
from subgraphs.posts.models import (
    bookmarks,
    poll_options,
    poll_votes,
    post_edits,
    post_images,
    post_media,
    posts,
    reposts,
    shares,
)


def _images(user: UUID) -> Select[tuple[object, ...]]:
    return select(post_images).join(posts).where(posts.c.author_id == user)


def _media(user: UUID) -> Select[tuple[object, ...]]:
    return select(post_media).join(posts).where(posts.c.author_id == user)


def _edits(user: UUID) -> Select[tuple[object, ...]]:
    return select(post_edits).join(posts).where(posts.c.author_id == user)


def _votes(user: UUID) -> Select[tuple[object, ...]]:
    chosen = select(poll_votes, poll_options.c.post_id, poll_options.c.label)
    return chosen.join_from(poll_votes, poll_options).where(poll_votes.c.user_id == user)


LISTS: Mapping[str, Rows] = {
    "posts": lambda user: select(posts).where(posts.c.author_id == user),
    "post_images": _images,
    "post_media": _media,
    "post_edits": _edits,
    "poll_votes": _votes,
    "reposts": lambda user: select(reposts).where(reposts.c.user_id == user),
    "shares": lambda user: select(shares).where(shares.c.user_id == user),
    "bookmarks": lambda user: select(bookmarks).where(bookmarks.c.user_id == user),
    "reports": reports_by,
}
