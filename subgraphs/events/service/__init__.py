"""What the domain does: `Events` (hosts make and change them), `Attendance` (who comes) and `Venues`."""

from subgraphs.events.service.attendance import Attendances
from subgraphs.events.service.events import Details, Events
from subgraphs.events.service.venues import VenueDetails, Venues

__all__ = ["Attendances", "Details", "Events", "VenueDetails", "Venues"]
