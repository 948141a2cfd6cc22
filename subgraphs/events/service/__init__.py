"""What the domain does: `Events` (hosts make and change them), `Attendance` (who comes), `Invitations` (who
is asked to), `Venues`, `Galleries` (pictures), `EventSearches` (what is on where), `Questions`, `Reviews`,
and `Moderation` (what is said is reported and hidden).
"""

from subgraphs.events.service.attendance import Attendances
from subgraphs.events.service.events import Details, Events
from subgraphs.events.service.galleries import Galleries
from subgraphs.events.service.invitations import Invitations
from subgraphs.events.service.moderation import Moderation
from subgraphs.events.service.questions import Questions
from subgraphs.events.service.reviews import Reviews
from subgraphs.events.service.searching import EventSearches
from subgraphs.events.service.venues import VenueDetails, Venues

__all__ = [
    "Attendances",
    "Details",
    "EventSearches",
    "Events",
    "Galleries",
    "Invitations",
    "Moderation",
    "Questions",
    "Reviews",
    "VenueDetails",
    "Venues",
]
