"""How events, venues and answers are kept: Protocols for the service, and PostgreSQL behind them."""

from subgraphs.events.repository.cached import CachedEventRepository
from subgraphs.events.repository.names import EVENT_NAMES, VENUE_NAMES
from subgraphs.events.repository.postgres_attendance import PostgresAttendanceRepository
from subgraphs.events.repository.postgres_events import PostgresEventRepository, complete_ended
from subgraphs.events.repository.postgres_gallery import PostgresGalleryRepository
from subgraphs.events.repository.postgres_invitations import PostgresInvitationRepository
from subgraphs.events.repository.postgres_questions import PostgresQuestionRepository
from subgraphs.events.repository.postgres_reviews import PostgresReviewRepository
from subgraphs.events.repository.postgres_search import PostgresEventSearchRepository
from subgraphs.events.repository.postgres_venues import PostgresVenueRepository
from subgraphs.events.repository.protocol import (
    AttendanceRepository,
    EventRepository,
    EventSearchRepository,
    GalleryRepository,
    InvitationRepository,
    QuestionRepository,
    ReviewRepository,
    VenueRepository,
)

__all__ = [
    "EVENT_NAMES",
    "VENUE_NAMES",
    "AttendanceRepository",
    "CachedEventRepository",
    "EventRepository",
    "EventSearchRepository",
    "GalleryRepository",
    "InvitationRepository",
    "PostgresAttendanceRepository",
    "PostgresEventRepository",
    "PostgresEventSearchRepository",
    "PostgresGalleryRepository",
    "PostgresInvitationRepository",
    "PostgresQuestionRepository",
    "PostgresReviewRepository",
    "PostgresVenueRepository",
    "QuestionRepository",
    "ReviewRepository",
    "VenueRepository",
    "complete_ended",
]
