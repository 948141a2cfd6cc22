"""Addresses of files: open ones for pictures of people, signed ones for everything else.

    /media/profile-images/{user}/avatars/{media}.webp
    /media/post-images/{user}/posts/{media}.webp?until=1795305600&signature=…

A signature is an HMAC over place and time. Whoever may see a media is told its address; who passes an address
on passes on that one file, for an hour or two. `until` is a full hour, so that the same file has the same
address for as long, and browsers keep it.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

from subgraphs.media.places import AVATARS, KEPT
from subgraphs.media.values import Place

ROUTE = "/media"
WINDOW_SECONDS = 3600
SKEW_SECONDS = 5
"""How far the clocks of the processes that sign and that check may differ."""
SIGNATURE_BYTES = 16


class BadGrant(Exception):
    """The address was not given out by us, is changed, or its time is over."""


@dataclass(frozen=True, slots=True)
class Grants:
    key: bytes = field(repr=False)
    public_url: str = ""
    """What comes before: nothing where the graph is served by the same host."""
    clock: Callable[[], float] = time.time

    def address(self, place: Place) -> str:
        path = f"{self.public_url}{ROUTE}/{place.bucket}/{quote(place.key)}"
        if place.bucket == AVATARS:
            return path
        until = (int(self.clock()) // WINDOW_SECONDS + 2) * WINDOW_SECONDS
        return f"{path}?until={until}&signature={self._signature(place, until)}"

    def require(self, place: Place, until: str | None, signature: str | None) -> int | None:
        """Until when it may be kept; None: for good. Raises BadGrant."""
        if place.bucket == AVATARS:
            return None
        if place.bucket not in KEPT or not until or not until.isdecimal() or len(until) > 12:
            raise BadGrant
        ends = int(until)
        expected = self._signature(place, ends)
        if not hmac.compare_digest(expected.encode(), (signature or "").encode(errors="replace")):
            raise BadGrant
        if ends + SKEW_SECONDS < self.clock():
            raise BadGrant
        return ends

    def _signature(self, place: Place, until: int) -> str:
        said = f"plait media {until} {place.bucket} {place.key}"
        whole = hmac.digest(self.key, said.encode(), sha256)[:SIGNATURE_BYTES]
        return base64.urlsafe_b64encode(whole).decode().rstrip("=")
