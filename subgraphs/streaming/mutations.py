"""What one can do in streaming: tell what one has listened to."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation
from subgraphs.kit.validation import Checks
from subgraphs.streaming import inputs, payloads, values
from subgraphs.streaming.types import StreamingInfo, recorded_type


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(
        payloads.RecordPlaysPayload,
        description="Tell what you listened to; again, when no answer came. For the logged in.",
    )
    async def record_plays(
        self, info: StreamingInfo, input: inputs.RecordPlaysInput
    ) -> payloads.RecordPlaysPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        plays = [_play(checks, at, play) for at, play in enumerate(input.plays)]
        recorded = await info.context.services.plays.record(viewer, request.client_address, plays, checks)
        return payloads.RecordPlaysPayload(plays=recorded_type(recorded))


def _play(checks: Checks, at: int, play: inputs.PlayInput) -> values.HeardPlay:
    return values.HeardPlay(
        checks.id(play.client_id, ("plays", at, "clientId")),
        values.TrackId(checks.id(play.track_id, ("plays", at, "trackId"))),
        play.started_at,
        play.listened_seconds,
        play.platform,
    )
