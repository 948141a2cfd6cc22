"""What the domain does: `TicketTypes` (what is sold), `Registrations` (who has a seat, or waits for one) and
`Tickets` (who holds it, and who came in).
"""

from subgraphs.tickets.service.registrations import Registrations
from subgraphs.tickets.service.ticket_types import TicketTypes
from subgraphs.tickets.service.tickets import Tickets

__all__ = ["Registrations", "TicketTypes", "Tickets"]
