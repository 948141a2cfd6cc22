"""What the users domain does when nobody asks: messages, counts, mails, sessions that could not be ended at
once, and what has expired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from db.clients import Stores
from db.postgres import WriteSession
from subgraphs.kit.config import MailConfig, SubgraphConfig
from subgraphs.kit.jobs import Periodic, Queue
from subgraphs.kit.mail import mailer_from
from subgraphs.kit.news import News
from subgraphs.kit.outbox import Consumer, Relay, listening
from subgraphs.kit.repeats import forgetting
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.worker import Task
from subgraphs.users.mail import QUEUE
from subgraphs.users.mail_jobs import MailJob
from subgraphs.users.models import (
    blocks,
    blocks_news,
    contacts_news,
    follows,
    follows_news,
    user_privacy,
    user_privacy_news,
    user_settings,
    user_settings_news,
    users,
    users_news,
)
from subgraphs.users.repository.hearing import hear_of_media
from subgraphs.users.repository.postgres_jobs import delete_expired
from subgraphs.users.repository.postgres_logins import END_SESSIONS
from subgraphs.users.repository.postgres_stats import TOPICS, hear_counts, recount

LIKED = ("language", "timezone")
REACHED_AT = ("email", "is_verified", "telegram_id")
"""For whoever sends something to people; nobody else listens to it."""


def tasks(config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    sessions, mail = Sessions(stores.redis), config.mail or MailConfig()
    mailer = mailer_from(mail.url, sender=mail.sender, folder=mail.folder)

    counts = Consumer("users.stats", TOPICS, hear_counts, stores.postgres, stores.redis)

    pictures = Consumer("users.media", ["media.media"], hear_of_media, stores.postgres, stores.redis)

    async def end_sessions(_session: WriteSession, payload: Mapping[str, Any]) -> None:
        await sessions.end(*payload["ids"])

    return [
        Relay("users", stores.postgres, stores.redis),
        forgetting(stores.postgres),
        News("users.follows", "FollowsTold", follows, follows_news, (), stores.postgres),
        News("users.blocks", "BlocksTold", blocks, blocks_news, (), stores.postgres),
        News("users.names", "NamesTold", users, users_news, ("username",), stores.postgres),
        News(
            "users.privacy", "PrivacyTold", user_privacy, user_privacy_news, ("is_private",), stores.postgres
        ),
        News("users.settings", "SettingsTold", user_settings, user_settings_news, LIKED, stores.postgres),
        News("users.contacts", "ContactsTold", users, contacts_news, REACHED_AT, stores.postgres),
        Queue(END_SESSIONS, end_sessions, stores.postgres),
        Queue(QUEUE, MailJob(mailer, mail.app_url).handle, stores.postgres),
        *listening(stores.postgres, counts, pictures),
        Periodic("recount user_stats", timedelta(days=1), recount, stores.postgres),
        Periodic("expired", timedelta(hours=1), delete_expired, stores.postgres),
    ]
