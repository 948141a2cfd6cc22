"""What partners may see of tickets: what is sold, at which price and whether there is some left."""

from __future__ import annotations

from typing import Final

from subgraphs.kit.partner import Shown

SHOWN: Final[Shown] = {
    "Event": ("id", "ticketTypes"),
    "TicketType": (
        *("id", "event", "name", "description", "price", "salesStart", "salesEnd", "perPersonLimit"),
        *("available", "cancellableUntil", "refundPercent"),
    ),
}
