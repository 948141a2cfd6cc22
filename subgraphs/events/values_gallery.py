"""The pictures of an event, as frozen values. What one is, is known to media: here is its upload's id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType, TypeAlias
from uuid import UUID

from subgraphs.events.values import Event, EventId, HostId
from subgraphs.events.values_said import Change

ImageId = NewType("ImageId", UUID)
MediaId = NewType("MediaId", UUID)
MOST_IMAGES = 20


@dataclass(frozen=True, slots=True)
class EventImage:
    id: ImageId
    event_id: EventId
    media_id: MediaId
    user_id: HostId
    """Who added it: the upload is theirs."""
    alt_text: str | None
    position: int
    """From 1; with gaps where others were removed."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewImage:
    id: ImageId
    event_id: EventId
    media_id: MediaId
    user_id: HostId
    alt_text: str | None


class NotHung(Enum):
    NO_EVENT = "NO_EVENT"
    FULL = "FULL"
    OTHERS = "OTHERS"
    """The gallery has other pictures than were named."""


Allow: TypeAlias = Callable[[Event], None]
"""Raises what is not to be done with the event's pictures."""
DecideImage: TypeAlias = Callable[[EventImage, Event], Change]
