"""What a reader may see of people, in SQL: who is there for them at all, and which parts of whom.

    select(*seen_columns(reader)).join_from(users, user_privacy).where(*there_for(users.c.id, reader))
    person_of(row, reader)

Two of whom one blocks the other are not there for each other. Of everybody else a reader sees what the
person's privacy shows to them; what it does not is left empty, which is what was never said, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, String, case, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from subgraphs.kit.enums import known_or
from subgraphs.users.models import blocks, follows, roles, user_privacy, user_roles, users
from subgraphs.users.values import Audience, Privacy, Reader, Shown, User

ROLE_NAMES = (
    select(func.coalesce(func.array_agg(roles.c.name), literal([], ARRAY(String))))
    .select_from(roles.join(user_roles, roles.c.id == user_roles.c.role_id))
    .where(user_roles.c.user_id == users.c.id)
    .correlate(users)
    .scalar_subquery()
    .label("roles")
)
OF_OTHERS = ("password_hash", "is_listed")
COLUMNS = [column for column in users.c if column.name not in OF_OTHERS]
AUDIENCES = [user_privacy.c[f"{part}_audience"] for part in ("profile", "email", "follows")]
WITH_PRIVACY = users.join(user_privacy, user_privacy.c.user_id == users.c.id)
USERS = select(*COLUMNS, ROLE_NAMES, user_privacy.c.is_private).select_from(WITH_PRIVACY)
"""People as they see themselves: `user_of`."""
ONE: ColumnElement[int] = literal_column("1")
_NAMES = itemgetter("id", "username")
_FACTS = itemgetter("created_at", "updated_at", "telegram_id")
_PROFILE = itemgetter("first_name", "last_name", "bio", "avatar_url")
_NO_PROFILE = (None,) * 4
_AUDIENCES = itemgetter(*(column.name for column in AUDIENCES))
ORDINARY = Shown()
NOTHING = Shown(profile=False, email=False, follows=False)
EVERYTHING = Shown(profile=True, email=True, follows=True)


def seen_columns(reader: Reader) -> list[ColumnElement[Any]]:
    """Of `WITH_PRIVACY`. Whether the reader follows is looked up where it matters."""
    kept: list[ColumnElement[Any]] = [*COLUMNS, ROLE_NAMES, user_privacy.c.is_private, *AUDIENCES]
    if reader.user_id is None or reader.sees_all:
        return kept
    to_followers = [column == literal_column("'FOLLOWERS'") for column in AUDIENCES]
    followed = select(ONE).where(follows.c.follower_id == reader.user_id, follows.c.followed_id == users.c.id)
    asked = case((or_(user_privacy.c.is_private, *to_followers), followed.correlate(users).exists()))
    return [*kept, asked.label("is_followed")]


def there_for(other: ColumnElement[Any], reader: Reader) -> Iterator[ColumnElement[bool]]:
    """Nobody blocks anybody, between the reader and `other`."""
    if reader.user_id is None or reader.sees_all:
        return
    for mine, theirs in (
        (blocks.c.blocker_id, blocks.c.blocked_id),
        (blocks.c.blocked_id, blocks.c.blocker_id),
    ):
        yield ~select(ONE).where(mine == reader.user_id, theirs == other).exists()


def not_there_for(reader: Reader) -> Any:
    """The ids of those who are not there for the reader, who is somebody."""
    mine = select(blocks.c.blocked_id).where(blocks.c.blocker_id == reader.user_id)
    return mine.union_all(select(blocks.c.blocker_id).where(blocks.c.blocked_id == reader.user_id))


def user_of(row: Row[Any], shown: Shown = ORDINARY) -> User:
    """What is shown of them. Somebody whose address is only claimed sees the claim, not the placeholder."""
    facts = row._mapping
    profile = _PROFILE(facts) if shown.profile else _NO_PROFILE
    address, roles = facts["email_claim"] or facts["email"], frozenset(facts["roles"])
    others = (facts["is_verified"], roles, facts["is_private"], shown)
    given: tuple[Any, ...] = (*_NAMES(facts), address, *_FACTS(facts), *profile, *others)
    return User(*given)


def person_of(row: Row[Any], reader: Reader) -> User:
    return user_of(row, shown_to(row, reader))


def name_of(row: Row[Any]) -> User:
    """Somebody of whom nothing but the name is shown."""
    return user_of(row, NOTHING)


def shown_to(row: Row[Any], reader: Reader) -> Shown:
    if reader.sees_all or (reader.user_id is not None and row.id == reader.user_id):
        return EVERYTHING
    follows_them = reader.user_id is not None and bool(row.is_followed)
    audiences = _AUDIENCES(row._mapping)
    return _shown(audiences, follows_them, is_private=row.is_private)


@lru_cache(maxsize=256)
def _shown(audiences: tuple[object, ...], follows_them: bool, *, is_private: bool) -> Shown:
    """Of the few there are."""
    return Shown(*(_is_shown(each, follows_them, is_private=is_private) for each in audiences))


def _is_shown(stored: object, follows_them: bool, *, is_private: bool) -> bool:
    """An audience that only a newer version knows is the narrowest."""
    audience = known_or(stored, Audience.NOBODY)
    if audience is Audience.NOBODY:
        return False
    return follows_them or (audience is Audience.EVERYONE and not is_private)


def privacy_of(row: Row[Any]) -> Privacy:
    audiences = {column.name: known_or(row._mapping[column.name], Audience.NOBODY) for column in AUDIENCES}
    return Privacy(row.is_private, row.is_listed, **audiences)
