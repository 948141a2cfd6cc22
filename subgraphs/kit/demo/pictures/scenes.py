"""What pictures of posts show: one function a scene, and which topic shows which."""

from __future__ import annotations

from collections.abc import Callable

from subgraphs.kit.demo.pictures.canvas import Canvas

Scene = Callable[[Canvas], None]


def hills(c: Canvas) -> None:
    c.glow(c.random.uniform(0.25, 0.75), 0.32, 0.2, c.palette.accent)
    c.circle(c.random.uniform(0.3, 0.7), 0.3, 0.08, c.palette.accent)
    c.ridge(0.52, 0.07, c.palette.far)
    c.ridge(0.68, 0.08, c.palette.middle)
    c.ridge(0.87, 0.06, c.palette.near)


def mountains(c: Canvas) -> None:
    c.circle(c.random.uniform(0.15, 0.85), 0.2, 0.06, c.palette.accent)
    for peak in (0.15, 0.45, 0.8):
        x, top = peak + c.random.uniform(-0.05, 0.05), c.random.uniform(0.22, 0.4)
        c.shape([(x - 0.38, 1), (x, top), (x + 0.38, 1)], c.palette.far)
        c.shape(
            [(x - 0.055, top + 0.11), (x, top), (x + 0.055, top + 0.11), (x, top + 0.07)], c.palette.accent
        )
    c.ridge(0.82, 0.06, c.palette.middle)
    c.ridge(0.93, 0.03, c.palette.near)


def water(c: Canvas) -> None:
    x = c.random.uniform(0.3, 0.7)
    c.glow(x, 0.42, 0.22, c.palette.accent)
    c.circle(x, 0.42, 0.09, c.palette.accent)
    c.box(0, 0.5, 1, 1, c.palette.middle)
    for step in range(9):
        y, half = 0.53 + step * 0.05, c.random.uniform(0.03, 0.1) + step * 0.012
        c.box(x - half, y, x + half, y + 0.012, c.palette.accent + "b0", 0.006)
    c.ridge(0.97, 0.02, c.palette.near)


def skyline(c: Canvas) -> None:
    c.circle(c.random.uniform(0.1, 0.9), 0.2, 0.06, c.palette.accent)
    for colour, low, high in ((c.palette.far, 0.35, 0.6), (c.palette.near, 0.55, 0.78)):
        x = -0.02
        while x < 1:
            width, top = c.random.uniform(0.05, 0.12), c.random.uniform(low, high)
            c.box(x, top, x + width, 1, colour)
            if c.random.random() < 0.3:
                c.shape([(x, top), (x + width / 2, top - 0.08), (x + width, top)], colour)
            x += width + 0.004
    for _window in range(70):
        x, y = c.random.random(), c.random.uniform(0.8, 0.98)
        c.box(x, y, x + 0.008, y + 0.018, c.palette.accent + "d0")


def forest(c: Canvas) -> None:
    for colour, base, count in ((c.palette.far, 0.72, 16), (c.palette.middle, 0.85, 12)):
        c.ridge(base + 0.02, 0.03, colour)
        for tree in range(count):
            _fir(c, tree / count + c.random.uniform(0, 0.06), base, c.random.uniform(0.25, 0.42), colour)
    c.ridge(0.93, 0.03, c.palette.near)
    for _bird in range(5):
        x, y = c.random.uniform(0.2, 0.8), c.random.uniform(0.12, 0.35)
        c.shape(
            [(x - 0.02, y - 0.015), (x, y), (x + 0.02, y - 0.015), (x + 0.002, y + 0.008)], c.palette.near
        )


def stars(c: Canvas) -> None:
    c.box(0, 0, 1, 1, "#0b1030d8")
    for _star in range(150):
        c.circle(c.random.random(), c.random.random(), c.random.uniform(0.001, 0.006), "#fff6dcd0")
    moon = c.random.uniform(0.2, 0.8)
    c.glow(moon, 0.28, 0.09, "#fbf3dc")
    c.circle(moon, 0.28, 0.045, "#fbf3dc")
    c.ridge(0.8, 0.06, "#141a38")
    c.ridge(0.92, 0.04, "#0a0e22")


def table(c: Canvas) -> None:
    c.glow(0.5, 0.2, 0.3, c.palette.accent)
    c.box(0, 0.74, 1, 1, c.palette.near)
    for place in (0.2, 0.5, 0.8):
        x, half = place + c.random.uniform(-0.03, 0.03), c.random.uniform(0.09, 0.13)
        bottom, deep = c.random.uniform(0.8, 0.9), c.random.uniform(0.16, 0.3)
        _bowl(c, x, bottom - deep, half, deep, c.random.choice((c.palette.far, c.palette.middle)))
        for step in range(8):
            sway = 0.012 * (step % 4 - 1.5)
            c.circle(x + sway, bottom - deep - 0.06 - step * 0.025, 0.012, c.palette.low + "a0")


def rings(c: Canvas) -> None:
    x, y = c.random.uniform(0.35, 0.65), 0.52
    for step, radius in enumerate((0.46, 0.4, 0.33, 0.27, 0.2)):
        c.circle(x, y, radius, c.palette.near if step % 2 == 0 else c.palette.middle)
    c.circle(x, y, 0.13, c.palette.accent)
    c.circle(x, y, 0.02, c.palette.near)


def board(c: Canvas) -> None:
    for row in range(5):
        for column in range(8):
            top, bottom = 0.45 + row * 0.11, 0.56 + row * 0.11
            left = [0.5 + (column - 4) * (0.1 + (row + edge) * 0.028) for edge in (0, 1)]
            right = [0.5 + (column - 3) * (0.1 + (row + edge) * 0.028) for edge in (0, 1)]
            colour = c.palette.accent if (row + column) % 2 else c.palette.middle
            c.shape([(left[0], top), (right[0], top), (right[1], bottom), (left[1], bottom)], colour)
    for _piece in range(4):
        x, y = c.random.uniform(0.2, 0.8), c.random.uniform(0.5, 0.85)
        c.shape([(x - 0.05, y), (x, y - 0.24), (x + 0.05, y)], c.palette.near)
        c.circle(x, y - 0.24, 0.05, c.palette.near)


def stage(c: Canvas) -> None:
    c.box(0, 0, 1, 1, c.palette.near + "e0")
    for lamp in (0.2, 0.4, 0.6, 0.8):
        x = lamp + c.random.uniform(-0.15, 0.15)
        c.shape([(lamp, 0), (x - 0.12, 1), (x + 0.12, 1)], c.palette.accent + "38")
        c.circle(lamp, 0.02, 0.03, c.palette.accent)
    for _head in range(26):
        c.circle(c.random.random(), c.random.uniform(0.92, 1.02), c.random.uniform(0.05, 0.08), "#120e1c")


def books(c: Canvas) -> None:
    for shelf in (0.46, 0.92):
        x = 0.04
        while x < 0.94:
            width, height = c.random.uniform(0.025, 0.06), c.random.uniform(0.24, 0.36)
            colour = c.random.choice((c.palette.far, c.palette.middle, c.palette.near, c.palette.accent))
            c.box(x, shelf - height, x + width, shelf, colour, 0.008)
            x += width + 0.004
        c.box(0, shelf, 1, shelf + 0.03, c.palette.near)


def leaves(c: Canvas) -> None:
    for _stem in range(15):
        x, top = c.random.uniform(0, 1), c.random.uniform(0.25, 0.7)
        colour = c.random.choice((c.palette.far, c.palette.middle, c.palette.near))
        c.box(x - 0.003, top, x + 0.003, 1, colour)
        for step in range(4):
            y, side = top + step * 0.11, 0.07 if step % 2 else -0.07
            c.shape(
                [(x, y + 0.08), (x + side * 0.4, y), (x + side, y - 0.02), (x + side * 0.7, y + 0.07)], colour
            )
        c.circle(x, top, 0.025, c.palette.accent)


def pixels(c: Canvas) -> None:
    c.box(0, 0, 1, 1, c.palette.near + "e8")
    for column in range(24):
        for row in range(16 - c.random.randrange(2, 9), 16):
            colour = c.random.choice((c.palette.far, c.palette.middle, c.palette.middle))
            c.box(column / 24, row / 16, (column + 0.92) / 24, (row + 0.92) / 16, colour)
    for _coin in range(6):
        column, row = c.random.randrange(2, 22), c.random.randrange(1, 6)
        c.box(column / 24, row / 16, (column + 0.92) / 24, (row + 0.92) / 16, c.palette.accent)


def _bowl(c: Canvas, x: float, top: float, half: float, deep: float, colour: str) -> None:
    """Seen from the side: round below, with a rim and a foot."""
    corners = (c.x(x - half), c.y(top - deep), c.x(x + half), c.y(top + deep))
    c.pen.pieslice(corners, 0, 180, fill=colour)
    c.box(x - half * 0.4, top + deep * 0.9, x + half * 0.4, top + deep * 1.06, colour, 0.008)
    c.box(x - half * 1.04, top - 0.012, x + half * 1.04, top + 0.02, c.palette.accent, 0.012)


def _fir(c: Canvas, x: float, base: float, height: float, colour: str) -> None:
    for part in range(3):
        half, top = 0.02 + part * 0.012, base - height + part * height * 0.25
        c.shape([(x - half, top + height * 0.45), (x, top), (x + half, top + height * 0.45)], colour)
    c.box(x - 0.004, base - height * 0.1, x + 0.004, base + 0.05, colour)


SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        hills,
        mountains,
        water,
        skyline,
        forest,
        stars,
        table,
        rings,
        board,
        stage,
        books,
        leaves,
        pixels,
    )
}
