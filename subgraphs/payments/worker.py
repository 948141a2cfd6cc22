"""What the payments domain does when nobody asks: it hears of registrations, tells the provider what it was
asked to, asks it what it may have said in vain, and compares the books.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic, Queue
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.worker import Task
from subgraphs.payments.app import provider_from
from subgraphs.payments.repository.heard import CANCEL_QUEUE, forget_person, hear_of_registrations
from subgraphs.payments.repository.jobs import ProviderJobs
from subgraphs.payments.repository.postgres import REFUND_QUEUE

TOPICS = ["tickets.registration"]


def tasks(config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    jobs = ProviderJobs(provider_from(config.payment_provider))
    heard = Consumer("payments.registrations", TOPICS, hear_of_registrations, database, redis)
    return [
        Relay("payments", database, redis),
        heard,
        *Departures("payments", {"UserDeleted": forget_person}, database, redis).tasks(),
        Queue(REFUND_QUEUE, jobs.refund, database),
        Queue(CANCEL_QUEUE, jobs.cancel, database),
        Periodic("open payments", timedelta(minutes=1), jobs.ask_about_open, database),
        Periodic("reconciliation", timedelta(days=1), jobs.reconcile, database),
    ]
