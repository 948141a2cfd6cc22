"""Which store likes and comments are in: MongoDB where one is configured. Its library is loaded only then."""

from __future__ import annotations

from db.clients import Stores
from subgraphs.interactions.repository.postgres import PostgresInteractionRepository
from subgraphs.interactions.repository.protocol import InteractionRepository
from subgraphs.kit.worker import Task


def interactions_in(stores: Stores) -> tuple[InteractionRepository, list[Task]]:
    """The repository, and what has to run for it."""
    if stores.mongo is None:
        return PostgresInteractionRepository(stores.postgres), []
    from subgraphs.interactions.repository.mongo import MongoInteractionRepository
    from subgraphs.interactions.repository.mongo_telling import MongoTelling

    interactions = MongoInteractionRepository(stores.mongo, stores.postgres)
    return interactions, [MongoTelling(interactions, stores.postgres)]
