"""What messages of other domains mean for whom: pure functions, one for each topic.

    mean(message) → the notices and withdrawals in it

A message of a type that is not known here, or that lacks what is needed, means nothing: others may say more
than we understand. What a message means for our copies is in repository/copies.py.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping

from subgraphs.kit.outbox import Message
from subgraphs.notifications.hearing.events import of_invitations, of_payments, of_questions, of_registrations
from subgraphs.notifications.hearing.people import of_comments_and_likes, of_mentions, of_relations
from subgraphs.notifications.hearing.school import of_groups, of_lessons
from subgraphs.notifications.values import Meaning

log = logging.getLogger("plait.notifications")
MEANINGS: Mapping[str, Callable[[Message], Iterable[Meaning]]] = {
    "users.relation": of_relations,
    "interactions.post": of_comments_and_likes,
    "posts.mention": of_mentions,
    "events.invitations": of_invitations,
    "events.question": of_questions,
    "tickets.registration": of_registrations,
    "payments.payment": of_payments,
    "calendar.lesson": of_lessons,
    "groups.member": of_groups,
}


def mean(message: Message) -> list[Meaning]:
    read = MEANINGS.get(message.topic)
    if read is None:
        return []
    try:
        return list(read(message))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        log.warning("%s %s is not understood: %s", message.topic, message.type, type(error).__name__)
        return []
