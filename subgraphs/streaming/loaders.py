"""Streaming's loaders, and the context that carries them through one request."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.loading import Loader, loader, page_loader
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.request import Request
from subgraphs.streaming.service import Counts, Payouts, Plays, Streams
from subgraphs.streaming.values import ArtistId, ListenerId, Play, PlayableTrack, TrackId


@dataclass(frozen=True, slots=True)
class Services:
    plays: Plays
    counts: Counts
    payouts: Payouts
    streams: Streams
    public_url: str


@dataclass(frozen=True, slots=True)
class StreamingLoaders:
    history: Loader[tuple[ListenerId, PageRequest], Page[Play]]
    history_count: Loader[ListenerId, int | None]
    plays: Loader[TrackId, int | None]
    artist_plays: Loader[ArtistId, int | None]
    listeners: Loader[ArtistId, int | None]
    playable: Loader[TrackId, PlayableTrack | None]


@dataclass(frozen=True, slots=True)
class StreamingContext:
    request: Request
    services: Services
    loaders: StreamingLoaders


def streaming_context(request: Request, services: Services) -> StreamingContext:
    plays, counts = services.plays, services.counts
    loaders = StreamingLoaders(
        history=page_loader(plays.list_history),
        history_count=loader(plays.count_history),
        plays=loader(counts.count_plays),
        artist_plays=loader(counts.count_artists_plays),
        listeners=loader(counts.count_listeners),
        playable=loader(services.streams.find_playable),
    )
    return StreamingContext(request, services, loaders)
