"""What the events domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.clients import Stores
from subgraphs.events.models import (
    event_attendees,
    event_attendees_news,
    invitations,
    invitations_news,
    person_tallies,
)
from subgraphs.events.models.gallery import event_images, event_images_news
from subgraphs.events.repository import complete_ended
from subgraphs.events.repository.departures import forget_organization, forget_person, hear_of_blocks
from subgraphs.events.repository.hearing_tickets import hear_of_tickets
from subgraphs.events.repository.postgres_gallery import hear_of_media
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.news import News
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.repeats import forgetting
from subgraphs.kit.tallies import Tallies
from subgraphs.kit.worker import Task

EVERY = timedelta(minutes=1)
GONE = {"UserDeleted": forget_person, "OrganizationDeleted": forget_organization}
TOLD = {
    "hosted_count": "hosted",
    "attended_count": "attended",
    "invited_count": "invited",
    "accepted_count": "accepted",
}
INVITED = ("event_id", "inviter_id", "invitee_id", "status")


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    """Events that are over are marked so, a minute later at most."""
    database, redis = stores.postgres, stores.redis
    return [
        Relay("events", database, redis),
        forgetting(database),
        Consumer("events.blocks", ["users.relation"], hear_of_blocks, database, redis),
        Consumer("events.tickets", ["tickets.registration"], hear_of_tickets, database, redis),
        Consumer("events.media", ["media.media"], hear_of_media, database, redis),
        News("events.images", "EventImagesTold", event_images, event_images_news, (), database),
        News("events.invitations", "InvitationsTold", invitations, invitations_news, INVITED, database),
        News(
            "events.attendees", "AttendeesTold", event_attendees, event_attendees_news, ("status",), database
        ),
        *Departures("events", GONE, database, redis).tasks(),
        *Tallies("events.tallies", "EventsCounted", person_tallies, TOLD, database).tasks(),
        Periodic("ended events", EVERY, complete_ended, database),
    ]
