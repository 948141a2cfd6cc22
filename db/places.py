"""Points, circles and boxes on the globe, as the store is asked for them (db/migrations/places.py).

Degrees of WGS 84, north and east positive; distances are along a sphere of the Earth's mean radius.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt

RADIUS_METRES = 6371008.771415059
"""(2a + b) / 3 of WGS 84: the sphere that PostGIS measures on."""
HALF_WAY_AROUND_KM = pi * RADIUS_METRES / 1000
"""Nothing is further away."""
SLACK = 1e-9
"""Of the unit sphere: some millimetres, so that rounding leaves nothing outside the box that is looked in."""


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float

    @property
    def is_on_the_globe(self) -> bool:
        """Whether there is such a place; what is no number is none."""
        return -90 <= self.latitude <= 90 and -180 <= self.longitude <= 180


@dataclass(frozen=True, slots=True)
class Circle:
    of: Point
    metres: float


@dataclass(frozen=True, slots=True)
class Box:
    """Between two parallels and two meridians. One whose west lies east of its east goes across 180°."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Within:
    """A box as `is_within` takes it: its edges, and the corners of what it takes up of space around the unit
    sphere, which is what an index is asked for.
    """

    edges: tuple[float, float, float, float]
    low: tuple[float, float, float]
    high: tuple[float, float, float]


def metres_between(one: Point, other: Point) -> float:
    """Along the sphere (haversine): as exact for neighbours as it is across the world."""
    north = sin(radians(other.latitude - one.latitude) / 2) ** 2
    east = sin(radians(other.longitude - one.longitude) / 2) ** 2
    chord = north + cos(radians(one.latitude)) * cos(radians(other.latitude)) * east
    return 2 * RADIUS_METRES * asin(sqrt(min(1.0, chord)))


def within(box: Box) -> Within:
    east = box.east if box.west <= box.east else box.east + 360
    # How far from the axis the box lies, and between which values its meridians keep x and y.
    outward = _span((box.south, box.north), cos, (0.0,))
    x = _times(outward, _span((box.west, east), cos, (-180.0, 0.0, 180.0, 360.0)))
    y = _times(outward, _span((box.west, east), sin, (-90.0, 90.0, 270.0, 450.0)))
    z = (sin(radians(box.south)), sin(radians(box.north)))
    low, high = zip(*((least - SLACK, most + SLACK) for least, most in (x, y, z)), strict=True)
    return Within((box.south, box.west, box.north, east), _three(low), _three(high))


def _span(
    ends: tuple[float, float], of: Callable[[float], float], turns: Iterable[float]
) -> tuple[float, float]:
    """The least and the greatest value between two angles, given where the function turns."""
    angles = [*ends, *(turn for turn in turns if ends[0] < turn < ends[1])]
    found = [of(radians(angle)) for angle in angles]
    return min(found), max(found)


def _times(outward: tuple[float, float], across: tuple[float, float]) -> tuple[float, float]:
    products = [one * other for one in outward for other in across]
    return min(products), max(products)


def _three(values: Iterable[float]) -> tuple[float, float, float]:
    first, second, third = values
    return first, second, third
