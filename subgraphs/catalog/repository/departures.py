"""What catalog does when somebody is gone: their offices and invitations go, the artists stay. In the
transaction of the message that told of it, and again if it comes again.

Where nobody is left who may do everything, whoever has managed the artist longest may; where nobody is left
at all, administrators do, as they may anywhere.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, or_, select, update

from db.postgres import WriteSession
from subgraphs.catalog.models import (
    artist_invitations,
    artist_managers,
    artist_verifications,
    artists,
    blocks,
    playlist_collaborators,
    playlist_entries,
    playlists,
    saved_albums,
    saved_tracks,
)
from subgraphs.catalog.repository.permissions import written
from subgraphs.catalog.values import Permission


async def forget_manager(session: WriteSession, user: UUID) -> None:
    offices = artist_managers.c
    managed = select(offices.artist_id).where(offices.user_id == user)
    locked = select(artists.c.id).where(artists.c.id.in_(managed)).order_by(artists.c.id).with_for_update()
    left = (await session.execute(locked)).scalars().all()
    await session.execute(delete(artist_managers).where(offices.user_id == user))
    for artist in left:
        await _hand_over(session, artist)
    asked = or_(artist_invitations.c.user_id == user, artist_invitations.c.invited_by == user)
    await session.execute(delete(artist_invitations).where(asked))
    await _forget_collector(session, user)


async def _forget_collector(session: WriteSession, user: UUID) -> None:
    """Their playlists and what they saved go; what they put on the playlists of others stays, by nobody."""
    entries = playlist_entries.c
    await session.execute(delete(playlists).where(playlists.c.owner_id == user))
    await session.execute(update(playlist_entries).where(entries.added_by == user).values(added_by=None))
    for table in (playlist_collaborators, saved_tracks, saved_albums):
        await session.execute(delete(table).where(table.c.user_id == user))
    for person in (artist_verifications.c.requested_by, artist_verifications.c.decided_by):
        theirs = update(artist_verifications).where(person == user)
        await session.execute(theirs.values({person.key: None}))
    pair = or_(blocks.c.blocker_id == user, blocks.c.blocked_id == user)
    await session.execute(delete(blocks).where(pair))


async def _hand_over(session: WriteSession, artist: UUID) -> None:
    offices = artist_managers.c
    ours = select(offices.user_id).where(offices.artist_id == artist)
    everything = offices.permissions.contains([Permission.ALL.value])
    if (await session.execute(ours.where(everything).limit(1))).first() is not None:
        return
    longest = ours.order_by(offices.created_at, offices.id).limit(1).scalar_subquery()
    heir = update(artist_managers).where(offices.artist_id == artist, offices.user_id == longest)
    await session.execute(heir.values(permissions=written(frozenset({Permission.ALL}))))
