"""What the mutations of streaming are given."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.streaming import enums as _described  # noqa: F401 -- before they are used
from subgraphs.streaming import values


@strawberry.input(description="A time you listened to a track.")
class PlayInput:
    client_id: strawberry.ID = strawberry.field(
        description="A UUID of the player's own: a play that is told again by the same id is the same play."
    )
    track_id: strawberry.ID = strawberry.field(description="What you listened to.")
    started_at: datetime = strawberry.field(description="When it began: within the last 7 days.")
    listened_seconds: int = strawberry.field(description="How long you listened.")
    platform: values.Platform | None = strawberry.field(default=None, description="With what.")


@strawberry.input(description="What a player has to tell.")
class RecordPlaysInput:
    plays: list[PlayInput] = strawberry.field(description="Up to 500 at once.")
