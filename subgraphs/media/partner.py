"""What partners may see of media: the pictures of events, and nothing of who uploaded them."""

from __future__ import annotations

from typing import Final

from subgraphs.kit.partner import Shown

SHOWN: Final[Shown] = {
    "EventImage": ("id", "media"),
    "Media": ("id", "kind", "contentType", "width", "height", "altText", "blurhash", "url", "renditions"),
    "MediaRendition": ("variant", "contentType", "sizeBytes", "width", "height", "url"),
}
