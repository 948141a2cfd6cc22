"""The process that decodes a picture: `python -m …drawing SOURCE FORMAT FOLDER LIMITS`.

It writes `<variant>.jpg`, `<variant>.webp` and, where LIMITS say so, `<variant>.avif` into the folder, and
`made.json`: what there is, or why nothing was made. Each is drawn anew on an empty canvas, upright and in
sRGB: nothing of the file comes through but its pixels, no EXIF, no place, no comment, no second file behind
the first.

    {"width", "height", "blurhash", "files": [{"name", "variant", "content_type", "width", "height"}]}
    {"refused": "…"}
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blurhash import encode
from PIL import Image, ImageCms, ImageOps, ImageSequence

SIDES = {"ORIGINAL": 4096, "MEDIUM": 1280, "THUMBNAIL": 320}
"""The longer side, at most; nothing is made larger than it is."""
QUALITY = 82
AVIF: dict[str, Any] = {"quality": 65, "speed": 8, "max_threads": 1}
"""As good to look at as the others; one thread, so that the file has the same bytes each time. Not of the
original: 12 million pixels take 2.6 s and 190 MB more.
"""
BLUR_SIDE, BLUR_X, BLUR_Y = 32, 4, 3
MADE = "made.json"
WHITE = (255, 255, 255)
SHORTEST_FRAME_MS, USUAL_FRAME_MS = 20, 100
LARGEST_POINTS = "It has more than {most_pixels:,} pixels, or a side of more than {longest_side:,}."
TOO_MUCH_MOVES = "It moves for too long: at most {most_frames} frames, {most_moving_pixels:,} pixels in all."
DAMAGED = "The file is damaged or cut off: upload it again."


class Refused(Exception):
    """Final, with the reason for who uploaded it."""


def draw(source: Path, kind: str, into: Path, limits: dict[str, Any]) -> dict[str, Any]:
    """What was made. Raises Refused."""
    Image.MAX_IMAGE_PIXELS = limits["most_pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=[kind]) as opened:
            frames = _require_bounds(opened, limits)
            if kind == "JPEG":
                opened.draft("RGB", (SIDES["ORIGINAL"], SIDES["ORIGINAL"]))
            opened.load()
            return _drawn(opened, frames, into, avif=limits["avif"])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(LARGEST_POINTS.format(**limits)) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        raise Refused(DAMAGED) from error


def _require_bounds(opened: Image.Image, limits: dict[str, Any]) -> int:
    """How many frames it has."""
    width, height = opened.size
    if width * height > limits["most_pixels"] or max(width, height) > limits["longest_side"]:
        raise Refused(LARGEST_POINTS.format(**limits))
    frames = getattr(opened, "n_frames", 1) if opened.format in ("GIF", "WEBP", "PNG", "AVIF") else 1
    moves_too_much = frames > 1 and frames * width * height > limits["most_moving_pixels"]
    if frames > limits["most_frames"] or moves_too_much:
        raise Refused(TOO_MUCH_MOVES.format(**limits))
    return int(frames)


def _drawn(opened: Image.Image, frames: int, into: Path, *, avif: bool) -> dict[str, Any]:
    first = _canvas(opened)
    files = []
    for variant, side in SIDES.items():
        still = _fitted(first, side)
        moving = [still] if frames == 1 or variant == "THUMBNAIL" else list(_frames(opened, side))
        named = [(f"{variant.lower()}.jpg", "image/jpeg"), (f"{variant.lower()}.webp", "image/webp")]
        _save_jpeg(still, into / named[0][0])
        _save_webp(moving, _times(opened, len(moving)), into / named[1][0])
        if avif and variant != "ORIGINAL" and len(moving) == 1:
            named.append((f"{variant.lower()}.avif", "image/avif"))
            still.save(into / named[2][0], "AVIF", **AVIF)
        size = {"variant": variant, "width": still.width, "height": still.height}
        files += [{"name": name, "content_type": kind, **size} for name, kind in named]
    blurred = _flat(_fitted(first, BLUR_SIDE))
    return {
        "width": files[0]["width"],
        "height": files[0]["height"],
        "blurhash": encode(_rows(blurred), BLUR_X, BLUR_Y),
        "files": files,
    }


def _canvas(frame: Image.Image) -> Image.Image:
    """The pixels alone: upright, in sRGB, with nothing beside them."""
    upright = _in_srgb(ImageOps.exif_transpose(frame) or frame)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    pixels = upright.convert(mode)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    return clean


def _in_srgb(frame: Image.Image) -> Image.Image:
    """A profile that cannot be used is as good as none."""
    profile = frame.info.get("icc_profile")
    if not profile or frame.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return frame
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if frame.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(frame, given, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return frame
    return converted or frame


def _frames(opened: Image.Image, side: int) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(opened):
        yield _fitted(_canvas(frame), side)


def _times(opened: Image.Image, count: int) -> list[int]:
    """How long each frame is shown, in milliseconds."""
    times = []
    for number in range(count if count > 1 else 0):
        opened.seek(number)
        shown = int(opened.info.get("duration") or USUAL_FRAME_MS)
        times.append(max(SHORTEST_FRAME_MS, shown))
    return times


def _fitted(frame: Image.Image, side: int) -> Image.Image:
    """Whole, within a square of `side`; a line keeps a pixel of width."""
    fitted = frame.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    return fitted


def _flat(frame: Image.Image) -> Image.Image:
    """On white, where it is transparent."""
    if frame.mode == "RGB":
        return frame
    white = Image.new("RGB", frame.size, WHITE)
    white.paste(frame, mask=frame.getchannel("A"))
    return white


def _save_jpeg(frame: Image.Image, path: Path) -> None:
    _flat(frame).save(path, "JPEG", quality=QUALITY, optimize=True, progressive=True)


def _save_webp(frames: list[Image.Image], times: list[int], path: Path) -> None:
    if len(frames) == 1:
        frames[0].save(path, "WEBP", quality=QUALITY, method=4)
    else:
        rest: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": times, "loop": 0}
        frames[0].save(path, "WEBP", quality=QUALITY, method=0, **rest)


def _rows(frame: Image.Image) -> list[list[tuple[int, ...]]]:
    data, width = frame.tobytes(), frame.width
    pixels = [tuple(data[at : at + 3]) for at in range(0, len(data), 3)]
    return [pixels[start : start + width] for start in range(0, len(pixels), width)]


def main() -> None:
    source, kind, into, limits = sys.argv[1:]
    folder = Path(into)
    try:
        made = draw(Path(source), kind, folder, json.loads(limits))
    except Refused as refused:
        made = {"refused": str(refused)}
    (folder / MADE).write_text(json.dumps(made), encoding="ascii")


if __name__ == "__main__":
    main()
