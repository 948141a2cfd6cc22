"""What a person can act on in the posts domain, beside the kit's InvalidInput, NotFound, Conflict and
PeerFailed.

PollClosed     votes are not taken any more
"""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.asking import PeerFailed
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import UserError


@strawberry.type(description="The poll takes no votes any more.")
class PollClosed(UserError):
    closed_at: datetime = strawberry.field(description="Since when.")


ERRORS = (PollClosed, PeerFailed)


def poll_closed(closed_at: datetime) -> Refused:
    message = "The poll is closed."
    return Refused(PollClosed(message=message, code="POLL_CLOSED", path=["postId"], closed_at=closed_at))
