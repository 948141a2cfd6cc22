"""What the notifications domain does when nobody asks: hears, sends, reminds and forgets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.kit.config import MailConfig, SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic, Queue
from subgraphs.kit.mail import mailer_from
from subgraphs.kit.outbox import Consumer
from subgraphs.kit.push import pusher_from
from subgraphs.kit.telegram_bot import bot_from
from subgraphs.kit.worker import Task
from subgraphs.notifications.delivering import Deliver
from subgraphs.notifications.repository import DELIVER, RECOUNT, TOPICS, Hearing, UnreadCounts
from subgraphs.notifications.repository.seats import remind
from subgraphs.notifications.repository.tidying import forget_old, forget_person


def tasks(config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    """One consumer hears everything: what is told to whom depends on all of it, in one order."""
    database, redis = stores.postgres, stores.redis
    mail = config.mail or MailConfig()
    mailer = mailer_from(mail.url, sender=mail.sender, folder=mail.folder)
    bot = bot_from(config.telegram_bot_token, folder=mail.folder, api=config.telegram_api)
    pusher = pusher_from(config.push_url, config.push_key, folder=mail.folder)
    return [
        Consumer("notifications.inbox", TOPICS, Hearing().hear, database, redis),
        *Departures("notifications", {"UserDeleted": forget_person}, database, redis).tasks(),
        Queue(RECOUNT, UnreadCounts(database, redis).dropped, database),
        Queue(DELIVER, Deliver(mailer, bot, pusher, mail.app_url).handle, database),
        Periodic("event reminders", timedelta(minutes=1), remind, database),
        Periodic("old notifications", timedelta(hours=1), forget_old, database),
    ]
