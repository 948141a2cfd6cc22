"""Parts of statements over posts, and rows as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    and_,
    func,
    literal_column,
    or_,
    select,
)

from subgraphs.kit.enums import known_or
from subgraphs.kit.reports import is_open
from subgraphs.posts.models import blocks, follows, posts, private_accounts
from subgraphs.posts.values import (
    Image,
    Post,
    PostFilter,
    PostId,
    PostType,
    Reader,
    Visibility,
)

POSTS = select(posts)
FACTS = itemgetter(*Post.__struct_fields__[:-3])
PUBLIC = posts.c.visibility == literal_column("'PUBLIC'")
TO_FOLLOWERS = posts.c.visibility == literal_column("'FOLLOWERS'")
"""Written out, so that a plan for any parameters can use the indexes that hold public posts alone."""


def visible_to(reader: Reader) -> Iterator[ColumnElement[bool]]:
    """Every way to a post goes through here, or through the two halves of it below."""
    if reader.sees_all:
        return
    if reader.user_id is None:
        yield PUBLIC
        yield ~_private()
        return
    followed = _followed_by(reader)
    to_readers = or_(and_(PUBLIC, or_(~_private(), followed)), and_(TO_FOLLOWERS, followed))
    seen = or_(posts.c.author_id == reader.user_id, and_(*_apart_from_blocks(reader), to_readers))
    yield or_(seen, posts.c.hidden_at.is_not(None), is_open(posts.c.id)) if reader.moderates else seen


def public_for(reader: Reader) -> Iterator[ColumnElement[bool]]:
    """Of what is written for everybody: what the reader, who is somebody, may see."""
    open_to = or_(~_private(), _followed_by(reader))
    yield PUBLIC
    yield or_(posts.c.author_id == reader.user_id, and_(*_apart_from_blocks(reader), open_to))


def hidden_of(reader: Reader) -> ColumnElement[bool]:
    """What the reader wrote and not for everybody."""
    return and_(~PUBLIC, posts.c.author_id == reader.user_id)


def person_seen_by(reader: Reader, person: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    """What somebody does openly is for everybody, of a private account for its followers, and across a block
    for nobody.
    """
    if reader.sees_all:
        return
    if reader.user_id is None:
        yield ~_private(person)
        return
    open_to = or_(~_private(person), _followed_by(reader, person))
    yield or_(person == reader.user_id, and_(*_apart_from_blocks(reader, person), open_to))


def person_there_for(reader: Reader, person: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    """Somebody who is named, and not what they do: their account may be private."""
    if reader.user_id is not None and not reader.sees_all:
        yield or_(person == reader.user_id, and_(*_apart_from_blocks(reader, person)))


def _private(person: ColumnElement[Any] = posts.c.author_id) -> ColumnElement[bool]:
    return _there(person, private_accounts.c.user_id == person)


def _followed_by(reader: Reader, person: ColumnElement[Any] = posts.c.author_id) -> ColumnElement[bool]:
    return _there(person, and_(follows.c.follower_id == reader.user_id, follows.c.followed_id == person))


def _apart_from_blocks(
    reader: Reader, person: ColumnElement[Any] = posts.c.author_id
) -> Iterator[ColumnElement[bool]]:
    """In either direction: two of whom one blocks the other are not there for each other."""
    for mine, theirs in (
        (blocks.c.blocker_id, blocks.c.blocked_id),
        (blocks.c.blocked_id, blocks.c.blocker_id),
    ):
        yield ~_there(person, and_(mine == reader.user_id, theirs == person))


def _there(person: ColumnElement[Any], row: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such a row, looked up for each person. Written as EXISTS it would be joined, and the
    planner, who takes all posts of an author for hidden then, would read and sort them instead of a page.
    """
    found = select(literal_column("true")).where(row).correlate(person.table).scalar_subquery()
    return func.coalesce(found, literal_column("false"), type_=Boolean())


def filtered(wanted: PostFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.type is not None:
        yield posts.c.type == wanted.type.value
    if wanted.author_id is not None:
        yield posts.c.author_id == wanted.author_id
    if wanted.created_after is not None:
        yield posts.c.created_at > wanted.created_after
    if wanted.created_before is not None:
        yield posts.c.created_at < wanted.created_before


def image_rows(post_id: PostId, images: Sequence[Image]) -> list[dict[str, Any]]:
    return [
        {"post_id": post_id, "image_url": image.url, "alt_text": image.alt_text, "position": position}
        for position, image in enumerate(images)
    ]


def images_of(rows: Iterable[Any]) -> Mapping[PostId, tuple[Image, ...]]:
    found: dict[PostId, list[Image]] = defaultdict(list)
    for row in rows:
        found[row.post_id].append(Image(row.image_url, row.alt_text))
    return {post_id: tuple(images) for post_id, images in found.items()}


def post_of(row: Row[Any]) -> Post:
    """A visibility that only a newer version knows is read as the narrowest."""
    kind, visibility = known_or(row.type, PostType.TEXT), known_or(row.visibility, Visibility.PRIVATE)
    given: tuple[Any, ...] = (*FACTS(row._mapping), tuple(row.media_ids), kind, visibility)
    return Post(*given)
