"""Messages between domains: written with the data they tell of, delivered at least once, handled once.

    a write transaction              relay                    consumer, in another domain
    ┌──────────────────────┐         ┌────────────────┐       ┌──────────────────────────┐
    │ UPDATE users …       │         │ outbox → XADD  │       │ XREADGROUP               │
    │ outbox.add(session…) │ ──────► │ published_at   │ ────► │ inbox row + its own rows │
    └──────────────────────┘         └────────────────┘       │ (one transaction) → XACK │
                                                              └──────────────────────────┘

What goes wrong between any two of these steps ends in the same step done again: a message that was sent
twice is recognized by its id in the `inbox`, in the transaction of what it causes. Messages of one key arrive
in the order their transactions were committed. A published message stays in the outbox for `KEPT`: when Redis
has lost its streams, they are sent again.

The tables are `db.migrations.messaging.MESSAGES`.
"""

from subgraphs.kit.outbox.batches import BatchConsumer
from subgraphs.kit.outbox.consumer import Consumer, Handler, listening
from subgraphs.kit.outbox.message import Message
from subgraphs.kit.outbox.relay import Relay
from subgraphs.kit.outbox.write import add

__all__ = ["BatchConsumer", "Consumer", "Handler", "Message", "Relay", "add", "listening"]
