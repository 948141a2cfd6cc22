"""Who sees and who changes which playlists, as conditions of statements.

                sees it                        changes its tracks      changes it, names collaborators
    PRIVATE     owner, collaborators           owner, collaborators    owner
    UNLISTED    everybody who has its id       owner, collaborators    owner
    PUBLIC      everybody; it is listed        owner, collaborators    owner

Who blocks the owner, or is blocked by them, sees nothing of it and changes nothing. Administrators read as
anybody else: what is private is not theirs.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from subgraphs.catalog.collecting import Visibility
from subgraphs.catalog.models import blocks, playlist_collaborators, playlists
from subgraphs.catalog.values import ManagerId, Reader

LISTED = playlists.c.visibility == Visibility.PUBLIC.value
OPEN = or_(LISTED, playlists.c.visibility == Visibility.UNLISTED.value)


def playlist_seen_by(reader: Reader) -> ColumnElement[bool]:
    return _seen_by(reader, OPEN)


def playlist_listed_for(reader: Reader) -> ColumnElement[bool]:
    """On the page of its owner."""
    if reader.user_id is None:
        return LISTED
    return or_(_is_owner(reader.user_id), and_(LISTED, not_(_blocked(reader.user_id))))


def playlist_changed_by(user: ManagerId) -> ColumnElement[bool]:
    return or_(_is_owner(user), and_(_collaborates(user), not_(_blocked(user))))


def _seen_by(reader: Reader, openly: ColumnElement[bool]) -> ColumnElement[bool]:
    if reader.user_id is None:
        return openly
    user = reader.user_id
    return or_(_is_owner(user), and_(or_(openly, _collaborates(user)), not_(_blocked(user))))


def _is_owner(user: ManagerId | None) -> ColumnElement[bool]:
    return false() if user is None else playlists.c.owner_id == user


def _collaborates(user: ManagerId) -> ColumnElement[bool]:
    ours = playlist_collaborators.alias().c
    office = select(ours.user_id).where(ours.playlist_id == playlists.c.id, ours.user_id == user)
    return office.exists()


def _blocked(user: ManagerId) -> ColumnElement[bool]:
    owner, pair = playlists.c.owner_id, blocks.c
    mine = and_(pair.blocker_id == user, pair.blocked_id == owner)
    theirs = and_(pair.blocker_id == owner, pair.blocked_id == user)
    return or_(select(pair.blocker_id).where(mine).exists(), select(pair.blocker_id).where(theirs).exists())
