"""Streaming in GraphQL. `User`, `Track` and `Artist` are others' entities with our fields on them."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias

import strawberry
from strawberry import federation
from strawberry.types import Info

from db.uuids import uuid_of
from subgraphs.kit.connections import Connection, Counter, PageArguments, connection, paged
from subgraphs.kit.pages import Page
from subgraphs.streaming import enums as _described  # noqa: F401 -- before they are used
from subgraphs.streaming import values
from subgraphs.streaming.loaders import StreamingContext
from subgraphs.streaming.service.plays import may_see_history

StreamingInfo: TypeAlias = Info[StreamingContext, None]


@strawberry.type(description="The sound of a track, for you and for a while.")
class TrackStream:
    playlist: str = strawberry.field(
        description="The HLS playlist's address. It begins with a slash where the graph's host serves it."
    )
    expires_at: datetime = strawberry.field(
        description="When the address is good no longer: ask for another."
    )


@federation.type(keys=["id"], description="A piece of music.")
class Track:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(description="How often it was played, of plays that count.")
    def play_count(self, info: StreamingInfo) -> int | None:
        return info.context.loaders.plays.answer(values.TrackId(uuid_of(self.id)), _or_none)

    @strawberry.field(description="Its sound; null for who is not logged in, and while it cannot be played.")
    def stream(self, info: StreamingInfo) -> TrackStream | None:
        if info.context.request.viewer is None:
            return None
        granted = partial(_stream, info.context)
        return info.context.loaders.playable.answer(values.TrackId(uuid_of(self.id)), granted)


@federation.type(keys=["id"], description="A performer's public page; apart from the people who manage it.")
class Artist:
    id: strawberry.ID = strawberry.field(description="Its own for good.")

    @strawberry.field(description="How often tracks they have a part in were played, of plays that count.")
    def play_count(self, info: StreamingInfo) -> int | None:
        return info.context.loaders.artist_plays.answer(values.ArtistId(uuid_of(self.id)), _or_none)

    @strawberry.field(description="How many people have listened to them in the last 28 days.")
    def monthly_listeners(self, info: StreamingInfo) -> int | None:
        return info.context.loaders.listeners.answer(values.ArtistId(uuid_of(self.id)), _or_none)


@strawberry.type(description="A time somebody listened to a track.")
class Play:
    track: Track | None = strawberry.field(description="What it was.")
    started_at: datetime = strawberry.field(description="When it began.")
    listened_seconds: int = strawberry.field(description="How long they listened.")
    platform: values.Platform | None = strawberry.field(description="With what, if the player has told.")
    is_counted: bool = strawberry.field(description="Whether it counts as a play: long enough, and believed.")


@federation.type(keys=["id"], description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="Theirs for good.")

    @strawberry.field(
        description="What they have listened to, latest first. For themselves; null for others."
    )
    @paged
    def playback_history(
        self,
        info: StreamingInfo,
        asked: PageArguments,
    ) -> Connection[Play] | None:
        window = asked.of(values.HISTORY)
        listener, loaders = values.ListenerId(uuid_of(self.id)), info.context.loaders
        if not may_see_history(info.context.request.viewer, listener):
            return None
        count = partial(loaders.history_count.load, listener)
        return loaders.history.answer((listener, window), lambda page: _play_connection(page, count))


@strawberry.type(description="What an artist has earned of a month: a share of all plays that count.")
class Payout:
    artist: Artist | None = strawberry.field(
        description="Who holds the rights: whose albums the tracks are on."
    )
    month: str = strawberry.field(description="2026-11, in UTC.")
    counted_plays: int = strawberry.field(description="Plays that count.")
    listened_seconds: float = strawberry.field(description="How long was listened, in all plays.")
    share: float = strawberry.field(
        description="Of the month's plays that count: those of all artists are 1."
    )


@strawberry.type(description="What came of a batch of plays.")
class RecordedPlays:
    recorded: int = strawberry.field(description="So many are new.")
    known: int = strawberry.field(description="So many were told before.")
    unknown_track_ids: list[strawberry.ID] = strawberry.field(
        description="Tracks nobody knows here: their plays were left out, to be told later or never."
    )


def recorded_type(recorded: values.Recorded) -> RecordedPlays:
    unknown = [strawberry.ID(str(track)) for track in recorded.unknown_tracks]
    return RecordedPlays(recorded=recorded.recorded, known=recorded.known, unknown_track_ids=unknown)


def payout_connection(page: Page[values.Payout], counter: Counter) -> Connection[Payout]:
    return connection(page, _payout_type, lambda payout: values.PAYOUTS.cursor(payout.position), counter)


def _payout_type(payout: values.Payout) -> Payout:
    return Payout(
        artist=Artist(id=strawberry.ID(str(payout.artist_id))),
        month=f"{payout.month:%Y-%m}",
        counted_plays=payout.counted_plays,
        listened_seconds=float(payout.listened_sec),
        share=payout.share,
    )


def _play_connection(page: Page[values.Play], counter: Counter) -> Connection[Play]:
    return connection(page, _play_type, lambda play: values.HISTORY.cursor(play.position), counter)


def _play_type(play: values.Play) -> Play:
    return Play(
        track=Track(id=strawberry.ID(str(play.track_id))),
        started_at=play.started_at,
        listened_seconds=play.listened_sec,
        platform=play.platform,
        is_counted=play.is_counted,
    )


def _stream(context: StreamingContext, track: values.PlayableTrack | None) -> TrackStream | None:
    if track is None:
        return None
    services = context.services
    grant = services.streams.grant(context.request.require_viewer(), track)
    address = f"{services.public_url}/streaming/{services.streams.signed(grant)}/master.m3u8"
    return TrackStream(playlist=address, expires_at=datetime.fromtimestamp(grant.until, UTC))


def _or_none(number: int | None) -> int:
    return number or 0
