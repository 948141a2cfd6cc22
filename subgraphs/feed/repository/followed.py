"""What is newest among the posts of many authors, in one statement.

    followed ──► a few of each ──► tried: the page that these make ──► bound: its last one
                                     │                                    │
                                     ▼                                    ▼
                              near: who is in it ──────► their posts down to the bound: the page

A page of each author's own would be authors × page entries, and each of them a visit of the table too: what
is newest is what no VACUUM has seen yet. A few of each are as many as make a page together if all wrote
alike, so one is enough of those who follow more people than a page is long. Whoever has nothing in the page
that is tried has nothing before its last entry either. O(people followed + page) as long as not everything
is one author's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, case, func, literal_column, select, true

from db.pages import one_more, page
from subgraphs.feed.models import crowds, follows, known_posts
from subgraphs.feed.values import PersonId
from subgraphs.kit.pages import PageRequest

COLUMNS = [known_posts.c.created_at, known_posts.c.id]
ONE: ColumnElement[int] = literal_column("1")
Conditions = Sequence[ColumnElement[bool]]
"""Of `known_posts`, which an index can begin or end with."""


def of_followed(
    user: PersonId, request: PageRequest, *, is_pulled: bool = False, only: Conditions = ()
) -> Select[Any]:
    """Of those one follows and oneself: what is pulled, or all."""
    wanted = (known_posts.c.is_pulled, *only) if is_pulled else only
    followed = _authors(user, is_pulled).cte("followed")
    some = _written_by(followed, wanted, request).limit(_share(followed, request)).lateral()
    first = select(followed.c.author_id, some).select_from(followed).join(some, true())
    tried = in_order(first, some, request).cte("tried")
    bound = select(_last_of(tried, request).label("at")).cte("bound")
    near = select(tried.c.author_id).distinct().cte("near")
    rows = _written_by(near, wanted, request).where(_until(bound, request)).lateral()
    return in_order(select(rows).select_from(near).join(bound, true()).join(rows, true()), rows, request)


def _authors(user: PersonId, is_pulled: bool) -> Any:
    authors = select(follows.c.followed_id.label("author_id")).where(follows.c.follower_id == user)
    if is_pulled:
        authors = authors.join(crowds, crowds.c.author_id == follows.c.followed_id)
        return authors.union_all(select(crowds.c.author_id).where(crowds.c.author_id == user))
    wrote = select(known_posts.c.author_id).where(known_posts.c.author_id == user).limit(1).subquery()
    return authors.union_all(select(wrote.c.author_id))


def _written_by(author: CTE, wanted: Conditions, request: PageRequest) -> Select[Any]:
    """A page of one author's posts: a range of an index."""
    theirs = select(*COLUMNS).where(known_posts.c.author_id == author.c.author_id, *wanted)
    return page(theirs, COLUMNS, request, descending=True)


def _share(followed: CTE, request: PageRequest) -> Any:
    """How many of each are a page together, rounded up."""
    people = func.greatest(func.count(), ONE)
    return select((one_more(request.limit) + people - ONE) // people).select_from(followed).scalar_subquery()


def in_order(rows: Select[Any], named: FromClause, request: PageRequest) -> Select[Any]:
    """A page of rows that are sorted in parts."""
    columns = [named.c[column.name] for column in COLUMNS]
    order = [column.asc() if request.backward else column.desc() for column in columns]
    return rows.order_by(*order).limit(one_more(request.limit))


def _last_of(tried: CTE, request: PageRequest) -> ColumnElement[Any]:
    """Of less than a page anything may be left out: then there is no bound."""
    last = func.max if request.backward else func.min
    never: ColumnElement[Any] = literal_column(
        "timestamptz 'infinity'" if request.backward else "timestamptz '-infinity'"
    )
    return case((func.count() >= one_more(request.limit), last(tried.c.created_at)), else_=never)


def _until(bound: CTE, request: PageRequest) -> ColumnElement[bool]:
    at = bound.c.at
    return known_posts.c.created_at <= at if request.backward else known_posts.c.created_at >= at
