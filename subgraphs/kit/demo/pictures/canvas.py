"""A picture in the making: twice as large as it will be, so that reducing it smooths every edge."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

Colour = str
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """From the sky down to the foreground, and what stands out."""

    high: Colour
    low: Colour
    far: Colour
    middle: Colour
    near: Colour
    accent: Colour


PALETTES = (
    Palette("#f6c89f", "#fbe8c8", "#c98b7b", "#8a5a67", "#3f3048", "#fff4d6"),
    Palette("#7fb7d6", "#e3f1ee", "#86a9a4", "#4f7f78", "#23423f", "#fdf3d0"),
    Palette("#2b2f5c", "#b8759a", "#6b4b7d", "#46345f", "#1f1a33", "#ffd9a0"),
    Palette("#dfe9e2", "#f7f3e3", "#a9b99a", "#6f8a5e", "#33492f", "#e8a24c"),
    Palette("#16324f", "#4f86a0", "#2d5b78", "#1c405b", "#0d2135", "#ffe9b0"),
    Palette("#f2b5a7", "#fde3d3", "#d1847c", "#9c5660", "#562f42", "#fff0c9"),
    Palette("#cfd8e6", "#f4efe9", "#9aa8bf", "#66748f", "#333c52", "#e9c46a"),
    Palette("#e9d8a6", "#f8f1dc", "#94a684", "#5b7a68", "#2a4238", "#d1603d"),
)


class Canvas:
    """Coordinates are shares of the picture: (0, 0) is its upper left corner, (1, 1) its lower right one."""

    def __init__(self, width: int, height: int, palette: Palette, draw: Random) -> None:
        self.size = (width * 2, height * 2)
        self.palette = palette
        self.random = draw
        self.image = _gradient(self.size, palette.high, palette.low)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def x(self, share: float) -> float:
        return share * self.size[0]

    def y(self, share: float) -> float:
        return share * self.size[1]

    def circle(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """The radius is a share of the height."""
        r = self.y(radius)
        self.pen.ellipse((self.x(x) - r, self.y(y) - r, self.x(x) + r, self.y(y) + r), fill=colour)

    def box(self, x: float, y: float, right: float, bottom: float, colour: Colour, round: float = 0) -> None:
        corners = (self.x(x), self.y(y), self.x(right), self.y(bottom))
        self.pen.rounded_rectangle(corners, self.y(round), fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.pen.polygon([(self.x(x), self.y(y)) for x, y in points], fill=colour)

    def ridge(self, height: float, swing: float, colour: Colour, waves: float = 1.5) -> None:
        """A rolling line from edge to edge, filled down to the bottom."""
        shift, bend = self.random.uniform(0, 6.28), self.random.uniform(0.6, 1.4)
        line = [(i / 48, height - swing * _wave(i / 48 * waves, shift, bend)) for i in range(49)]
        self.shape([(0, 1), *line, (1, 1)], colour)

    def glow(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A light with a soft edge."""
        layer = Image.new("L", (self.size[0] // 8, self.size[1] // 8), 0)
        r, cx, cy = radius * layer.height, x * layer.width, y * layer.height
        ImageDraw.Draw(layer).ellipse((cx - r, cy - r, cx + r, cy + r), fill=150)
        soft = layer.filter(ImageFilter.GaussianBlur(max(1.0, r / 2))).resize(self.size)
        self.image.paste(Image.new("RGB", self.size, colour), mask=soft)

    def finished(self) -> Image.Image:
        return self.image.reduce(2)


def _wave(along: float, shift: float, bend: float) -> float:
    return math.sin(along * 6.28 + shift) * 0.6 + math.sin(along * 6.28 * 2.3 * bend + shift * 2) * 0.4


def _gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    return ImageOps.colorize(Image.linear_gradient("L").resize(size), top, bottom)
