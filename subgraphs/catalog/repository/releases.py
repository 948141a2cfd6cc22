"""Albums whose day has come: others are told that their tracks can be heard. Nothing here waits for it:
whether an album is out is asked of the clock whenever it is read.
"""

from __future__ import annotations

from sqlalchemy import select, update

from db.postgres import WriteSession
from subgraphs.catalog.models import albums
from subgraphs.catalog.repository.released import out

AT_ONCE = 500


async def tell_releases(session: WriteSession) -> None:
    """A trigger tells of the tracks of whatever is noted here."""
    waiting = select(albums.c.id).where(albums.c.is_release_told.is_(False), out())
    some = waiting.order_by(albums.c.release_date).limit(AT_ONCE).with_for_update(skip_locked=True)
    await session.execute(update(albums).where(albums.c.id.in_(some)).values(is_release_told=True))
