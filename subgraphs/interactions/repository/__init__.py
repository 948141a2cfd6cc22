"""Where likes and comments are kept: in PostgreSQL, or in MongoDB where one is configured."""

from subgraphs.interactions.repository.blocks import PostgresBlockRepository
from subgraphs.interactions.repository.counters import Counters
from subgraphs.interactions.repository.hearing import Hearing
from subgraphs.interactions.repository.opening import interactions_in
from subgraphs.interactions.repository.postgres import PostgresInteractionRepository
from subgraphs.interactions.repository.protocol import Hidden, InteractionRepository

__all__ = [
    "Counters",
    "Hearing",
    "Hidden",
    "InteractionRepository",
    "PostgresBlockRepository",
    "PostgresInteractionRepository",
    "interactions_in",
]
