"""What one can do in the tickets domain, a file for each part of it. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.tickets.mutations.doors import DoorMutations
from subgraphs.tickets.mutations.registrations import RegistrationMutations
from subgraphs.tickets.mutations.ticket_types import TicketTypeMutations


@strawberry.type(description="What can be done.")
class Mutation(TicketTypeMutations, RegistrationMutations, DoorMutations):
    pass
