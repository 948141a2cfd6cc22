"""Where a request comes from, as the services want it."""

from __future__ import annotations

from subgraphs.kit.request import Request
from subgraphs.users.service.logins import Origin


def origin(request: Request) -> Origin:
    return Origin(request.client_address, request.device, request.actor.request_id)
