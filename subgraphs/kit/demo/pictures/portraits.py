"""Faces for avatars, and the abstract fronts of records."""

from __future__ import annotations

from subgraphs.kit.demo.pictures.canvas import Canvas

SKINS = ("#f3d2b8", "#e8b894", "#d19a73", "#a86f4b", "#7d4e34", "#5a3825")
HAIRS = ("#2b2019", "#4a2f1d", "#7b4a24", "#b5773a", "#d9b36c", "#8c8c8c", "#1d1b22", "#a13d2d")
CLOTHES = ("#35526b", "#7a3e48", "#4f6f52", "#c98a3a", "#5d4a7a", "#2f3a3f", "#b65b43")


def face(c: Canvas) -> None:
    skin, hair, clothes = c.random.choice(SKINS), c.random.choice(HAIRS), c.random.choice(CLOTHES)
    is_long = c.random.random() < 0.5
    if is_long:
        c.box(0.27, 0.3, 0.73, 0.78, hair, 0.2)
    c.circle(0.5, 1.08, 0.38, clothes)
    c.box(0.43, 0.55, 0.57, 0.78, skin, 0.06)
    c.circle(0.5, 0.36, 0.24, hair)
    c.box(0.32, 0.3, 0.68, 0.65, skin, 0.18)
    c.shape([(0.3, 0.36), (0.36, 0.2), (0.64, 0.2), (0.7, 0.36), (c.random.uniform(0.38, 0.6), 0.28)], hair)
    for eye in (0.42, 0.58):
        c.circle(eye, 0.45, 0.018, "#2a2326")
    c.pen.arc((c.x(0.43), c.y(0.48), c.x(0.57), c.y(0.57)), 25, 155, fill="#7c3f3a", width=int(c.x(0.014)))
    if c.random.random() < 0.3:
        for eye in (0.42, 0.58):
            r = c.x(0.06)
            middle = (c.x(eye), c.y(0.45))
            corners = (middle[0] - r, middle[1] - r, middle[0] + r, middle[1] + r)
            c.pen.ellipse(corners, outline="#3a3236", width=int(c.x(0.012)))


def circles(c: Canvas) -> None:
    for _one in range(5):
        colour = c.random.choice((c.palette.far, c.palette.middle, c.palette.near, c.palette.accent))
        c.circle(c.random.random(), c.random.random(), c.random.uniform(0.1, 0.34), colour + "d8")


def stripes(c: Canvas) -> None:
    lean = c.random.uniform(-0.4, 0.4)
    for step in range(-4, 14, 2):
        x = step / 9
        colour = c.random.choice((c.palette.far, c.palette.middle, c.palette.near, c.palette.accent))
        c.shape([(x, 0), (x + 0.11, 0), (x + 0.11 + lean, 1), (x + lean, 1)], colour)


def arches(c: Canvas) -> None:
    colours = (c.palette.near, c.palette.accent, c.palette.middle, c.palette.low, c.palette.far)
    for step, colour in enumerate(colours):
        half, top = 0.42 - step * 0.08, 0.14 + step * 0.13
        c.circle(0.5, top + half, half, colour)
        c.box(0.5 - half, top + half, 0.5 + half, 1, colour)


def blocks(c: Canvas) -> None:
    for row in range(4):
        for column in range(4):
            if c.random.random() < 0.7:
                colour = c.random.choice((c.palette.far, c.palette.middle, c.palette.near, c.palette.accent))
                c.box(
                    column / 4,
                    row / 4,
                    (column + 1) / 4,
                    (row + 1) / 4,
                    colour,
                    c.random.choice((0, 0, 0.125)),
                )


FRONTS = (circles, stripes, arches, blocks)
