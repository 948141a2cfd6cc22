"""Addresses of sound: signed, for one person, one track and not for long.

    /streaming/<grant>/master.m3u8
    /streaming/<grant>/<job>/160k/index.m3u8 … 00000.m4s       relative in the playlists, so under the grant

A grant is what is allowed (track, person, until when) and an HMAC over it. It lasts as long as the track and
two minutes: a player fetches segments while it plays. Who passes an address on passes that on and no more.
"""

from __future__ import annotations

import base64
import hmac
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from struct import Struct, error
from uuid import UUID

from subgraphs.kit.auth import Viewer
from subgraphs.streaming.repository.protocol import TrackRepository
from subgraphs.streaming.values import ListenerId, PlayableTrack, TrackId

FACTS = Struct(">B16s16sQ")
VERSION = 1
SIGNATURE_BYTES = 32
MARGIN_SECONDS = 120
SKEW_SECONDS = 5
"""How far the clocks of the processes that sign and that check may differ."""
FILES = re.compile(
    r"master\.m3u8|[0-9a-f-]{36}/(?:waveform\.json|[1-9][0-9]{1,2}k/(?:index\.m3u8|init\.mp4|[0-9]{5}\.m4s))"
)
"""What processing makes: subgraphs/processing/sound/transcode.py."""


class BadGrant(Exception):
    """The address was not given out by us, is changed, or its time is over."""


@dataclass(frozen=True, slots=True)
class Grant:
    track_id: TrackId
    listener: ListenerId
    until: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True)
class Streams:
    tracks: TrackRepository
    key: bytes = field(repr=False)
    clock: Callable[[], float] = time.time

    async def find_playable(self, ids: Sequence[TrackId]) -> dict[TrackId, PlayableTrack]:
        found = await self.tracks.find_by_ids(ids)
        return {track_id: track for track_id, track in found.items() if track.is_available}

    def grant(self, viewer: Viewer, track: PlayableTrack) -> Grant:
        seconds = track.duration_sec + MARGIN_SECONDS
        return Grant(track.id, ListenerId(viewer.id), int(self.clock()) + seconds)

    def signed(self, grant: Grant) -> str:
        facts = FACTS.pack(VERSION, grant.track_id.bytes, grant.listener.bytes, grant.until)
        return base64.urlsafe_b64encode(facts + self._signature(facts)).decode().rstrip("=")

    def opened(self, text: str) -> Grant:
        """Raises BadGrant."""
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            raw = base64.b64decode(padded, altchars=b"-_", validate=True)
            facts, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
            version, track, listener, until = FACTS.unpack(facts)
        except (ValueError, error) as problem:
            raise BadGrant from problem
        if version != VERSION or not hmac.compare_digest(signature, self._signature(facts)):
            raise BadGrant
        if until + SKEW_SECONDS < self.clock():
            raise BadGrant
        return Grant(TrackId(UUID(bytes=track)), ListenerId(UUID(bytes=listener)), until)

    async def find_key(self, grant: Grant, file: str) -> str | None:
        """Where the file is kept; None for one that no track has, and for a track that is played no more."""
        if FILES.fullmatch(file) is None:
            return None
        track = (await self.find_playable([grant.track_id])).get(grant.track_id)
        return None if track is None else f"{track.file_key}/{file}"

    def _signature(self, facts: bytes) -> bytes:
        return hmac.digest(self.key, b"plait streaming grant " + facts, sha256)
