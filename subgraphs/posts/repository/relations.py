"""What posts hears of people, as copies of rows of users: who follows and blocks whom, whose account is
private, what people are called and in which language they read. In the transaction of the message that told
of it; hearing it twice is hearing it once.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, or_

from db.postgres import WriteSession
from subgraphs.kit.news import Row, keep_copy
from subgraphs.kit.outbox import Message
from subgraphs.posts.models import blocks, follows, languages, names, private_accounts

COPIES = {
    "FollowsTold": follows,
    "BlocksTold": blocks,
    "NamesTold": names,
    "PrivacyTold": private_accounts,
    "SettingsTold": languages,
}
TOPICS = ("users.follows", "users.blocks", "users.names", "users.privacy", "users.settings")


async def hear_of_people(session: WriteSession, message: Message) -> None:
    copy = COPIES.get(message.type)
    if copy is None:
        return
    if copy is private_accounts:  # who is gone stays private until what they wrote is gone too
        message = replace(message, payload={**message.payload, "gone": []})
    await keep_copy(session, copy, message, _is_kept)


async def forget_relations(session: WriteSession, user: UUID) -> None:
    """Of somebody who is gone."""
    for table in COPIES.values():
        theirs = or_(*(column == user for column in table.primary_key.columns))
        await session.execute(delete(table).where(theirs))


def _is_kept(row: Row) -> bool:
    """Of accounts, those that are private."""
    return bool(row.get("is_private", True))
