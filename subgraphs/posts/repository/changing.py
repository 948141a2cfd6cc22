"""The statement that changes a post, and what kind of post is left."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, any_, case, func, literal, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from subgraphs.posts.models import post_images, post_media, posts
from subgraphs.posts.values import AuthorId, PostChange, PostId, Visibility

ASKED = posts.c.type == "POLL"
PICTURED = select(post_images.c.id).where(post_images.c.post_id == posts.c.id).exists()


def update_statement(
    post_id: PostId, author: AuthorId, change: PostChange, *, is_edit: bool
) -> ReturningUpdate[Any]:
    """Changes the author's post unless nothing would be left of it: text, a picture, a video, an event or a
    poll.
    """
    content = posts.c.content if change.content is None else literal(change.content)
    pictured = PICTURED if change.images is None else literal(bool(change.images))
    shows, films = _of_uploads(change)
    values: dict[str, Any] = {"content": content, "type": kind_of(or_(pictured, shows), films)}
    if change.uploads is not None:
        ids = [upload.id for upload in change.uploads]
        values |= {"media_ids": ids, "media_id": ids[0] if ids else None}
    if change.visibility is not None:
        values |= _shown_to(change.visibility)
    if change.language is not None:
        values["language"] = change.language
    if is_edit:
        values["edited_at"] = func.now()
    filled = or_(func.length(content) > 0, posts.c.event_id.is_not(None), pictured, shows, ASKED)
    mine = update(posts).where(posts.c.id == post_id, posts.c.author_id == author, filled)
    return mine.values(values).returning(posts)


def kind_of(pictured: ColumnElement[bool], films: ColumnElement[bool]) -> ColumnElement[str]:
    about = posts.c.event_id.is_not(None)
    return case((ASKED, "POLL"), (about, "EVENT"), (films, "VIDEO"), (pictured, "IMAGES"), else_="TEXT")


def films_among(media_ids: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether one of the uploads is a video."""
    its = and_(post_media.c.post_id == posts.c.id, post_media.c.media_id == any_(media_ids))
    return select(post_media.c.media_id).where(its, post_media.c.kind == "VIDEO").correlate(posts).exists()


def _of_uploads(change: PostChange) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether the post will show any, and a video among them."""
    if change.uploads is None:
        return func.cardinality(posts.c.media_ids) > 0, films_among(posts.c.media_ids)
    return literal(bool(change.uploads)), literal(any(upload.is_video for upload in change.uploads))


def _shown_to(visibility: Visibility) -> dict[str, Any]:
    """Of a post that moderators have hidden: once it is shown again."""
    is_hidden = posts.c.hidden_at.is_not(None)
    return {
        "visibility": case((is_hidden, posts.c.visibility), else_=visibility.value),
        "shown_as": case((is_hidden, visibility.value), else_=None),
    }
