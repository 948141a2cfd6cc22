"""How large a picture or a video may be. What is over is refused, not cut."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.confined import Bounds


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Sizes are read from the file's head before a pixel is decoded; the bounds of the process that decodes
    hold against heads that lie.
    """

    most_pixels: int = 60_000_000
    longest_side: int = 16_384
    most_frames: int = 300
    most_moving_pixels: int = 60_000_000
    """All frames of a moving picture together."""
    cpu_seconds: int = 60
    wall_seconds: float = 90.0
    memory_bytes: int = 2 * 1024**3

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.cpu_seconds, self.wall_seconds, self.memory_bytes, 256 * 1024**2)


@dataclass(frozen=True, slots=True)
class VideoLimits:
    longest_seconds: int = 20 * 60
    most_bytes: int = 1024**3
    cpu_seconds: int = 60
    wall_seconds: float = 90.0
    memory_bytes: int = 2 * 1024**3

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.cpu_seconds, self.wall_seconds, self.memory_bytes, 2 * self.most_bytes)


@dataclass(frozen=True, slots=True)
class Limits:
    picture: PictureLimits = PictureLimits()
    video: VideoLimits = VideoLimits()
