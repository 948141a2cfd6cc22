"""Which pictures the world uses. Knows no drawing library, so that a world without pictures needs none."""

from __future__ import annotations

from dataclasses import dataclass, field

ROUTE = "/media"
FOLDER = "demo"
AVATARS, POSTS, THUMBNAILS = "profile-images", "post-images", "thumbnails"
BUCKETS = (AVATARS, POSTS, THUMBNAILS)
"""As seed 000 names them."""

MOST_FACES, MOST_VARIANTS = 96, 8
"""However large the world is, there are so many different avatars, and pictures of a topic or genre."""

MOST_BYTES = 30_000


def avatar(person: int) -> str:
    return f"{AVATARS}/{FOLDER}/person-{person % MOST_FACES}.webp"


def artist_picture(genre: str, number: int) -> str:
    return f"{AVATARS}/{FOLDER}/artist-{_plain(genre)}-{number % MOST_VARIANTS}.webp"


def post_picture(topic: str, number: int) -> str:
    return f"{POSTS}/{FOLDER}/{topic}-{number % MOST_VARIANTS}.webp"


def cover(genre: str, number: int) -> str:
    return f"{THUMBNAILS}/{FOLDER}/cover-{_plain(genre)}-{number % MOST_VARIANTS}.webp"


def _plain(name: str) -> str:
    return name.lower().replace("-", "")


@dataclass(frozen=True, slots=True)
class PictureBook:
    """Notes each picture that a row points at: those are the ones to draw."""

    used: set[str] = field(default_factory=set)

    def address(self, name: str) -> str:
        """A path on whatever serves the graph; ports and hosts change, rows stay."""
        self.used.add(name)
        return f"{ROUTE}/{name}"


def inline_cover(number: int) -> str:
    """A cover for a world without pictures, where a column must not be empty: two colours in a data URL."""
    hue = number * 47 % 360
    return (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'%3E"
        f"%3Cpath fill='hsl({hue} 40%25 35%25)' d='M0 0h4v4H0z'/%3E"
        f"%3Ccircle fill='hsl({(hue + 40) % 360} 60%25 70%25)' cx='2' cy='2.4' r='1.2'/%3E%3C/svg%3E"
    )
