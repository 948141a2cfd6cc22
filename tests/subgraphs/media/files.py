"""Files to upload, made here: pictures, videos, and what only looks like them."""

from __future__ import annotations

import io
import struct
import subprocess
import tempfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from subgraphs.kit.ffmpeg import find_ffmpeg

GPS = 0x8825
ORIENTATION, MAKE = 0x0112, 0x010F


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **saved: Any) -> bytes:
    """Red above, blue below."""
    drawn = Image.new("RGB", size, (200, 20, 20))
    drawn.paste((20, 20, 200), (0, size[1] // 2, size[0], size[1]))
    return written(drawn, kind, **saved)


def written(drawn: Image.Image, kind: str, **saved: Any) -> bytes:
    into = io.BytesIO()
    drawn.save(into, kind, **saved)
    return into.getvalue()


def with_place_and_camera() -> bytes:
    """A JPEG on its side, with what a telephone notes."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "SecretCam"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    return picture("JPEG", (640, 480), exif=exif, comment=b"SecretNote")


def moving(frames: int, size: tuple[int, int] = (64, 48)) -> bytes:
    drawn = [Image.new("RGB", size, (number * 7 % 256, 0, 0)) for number in range(frames)]
    into = io.BytesIO()
    drawn[0].save(into, "GIF", save_all=True, append_images=drawn[1:], duration=80, loop=0)
    return into.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A head that promises so much, and next to nothing behind it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def video(kind: str = "mp4", codec: str = "libx264", seconds: int = 1) -> bytes:
    """With sound, and with a place in its tags."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"made.{kind}"
        sources = ["-f", "lavfi", "-i", f"testsrc=d={seconds}:s=320x240:r=5"]
        sound = ["-f", "lavfi", "-i", f"sine=d={seconds}"]
        tags = ["-metadata", "location=+52.5200+013.4050/", "-metadata", "make=SecretCam"]
        coded = ["-c:v", codec, "-pix_fmt", "yuv420p", *tags, "-movflags", "use_metadata_tags"]
        command = [find_ffmpeg(), "-v", "error", "-y", *sources, *sound, *coded, "-shortest", str(path)]
        subprocess.run(command, check=True)
        return path.read_bytes()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
WAV = b"RIFF" + struct.pack("<I", 36 + 8) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
WAV += b"data" + struct.pack("<I", 8) + b"\x80" * 8
