"""From a picture's name to its bytes. The name seeds the generator: the same name is the same picture."""

from __future__ import annotations

from io import BytesIO
from random import Random

from subgraphs.kit.demo.pictures.book import AVATARS, FOLDER, MOST_BYTES, POSTS
from subgraphs.kit.demo.pictures.canvas import PALETTES, Canvas
from subgraphs.kit.demo.pictures.names import SCENE_OF
from subgraphs.kit.demo.pictures.portraits import FRONTS, face
from subgraphs.kit.demo.pictures.scenes import SCENES, Scene

CONTENT_TYPE = "image/webp"
POST_SIZE, AVATAR_SIZE, COVER_SIZE = (540, 360), (192, 192), (360, 360)
QUALITY, SPEED = 80, 2
"""WebP's: 0–100, and 0 (fast) to 6 (small)."""


def draw_picture(name: str) -> bytes:
    """`<bucket>/demo/<what>-<variant>.webp` → WebP of at most MOST_BYTES. A name of no kind is a KeyError."""
    bucket, _folder, file = name.split("/")
    what, _, variant = file.removesuffix(".webp").rpartition("-")
    draw = Random(f"{FOLDER} picture {name}")  # noqa: S311 -- a reproducible world, not a secret
    size, scene = _kind(bucket, what, draw)
    palette = PALETTES[(int(variant) + sum(map(ord, what))) % len(PALETTES)]
    canvas = Canvas(*size, palette, draw)
    scene(canvas)
    out = BytesIO()
    canvas.finished().save(out, "WEBP", quality=QUALITY, method=SPEED)
    assert out.tell() <= MOST_BYTES, f"{name} has {out.tell()} bytes"
    return out.getvalue()


def _kind(bucket: str, what: str, draw: Random) -> tuple[tuple[int, int], Scene]:
    if bucket == POSTS:
        return POST_SIZE, SCENES[SCENE_OF[what]]
    if what == "person":
        return AVATAR_SIZE, face
    size = AVATAR_SIZE if bucket == AVATARS else COVER_SIZE
    return size, draw.choice(FRONTS)
