"""What the search saw, line by line: for `plait debug paths` and for finding out why a plan is what it is.

    media.animals.@ Animal {Animal@b [0:b*], Animal@a [0:a* 1:b]}
      name: [0:b*] [0:a* 1:b]

A position with its homes, then each field with its options, cheapest first. `1:b` is a request to subgraph b
in stage 1; `*` marks requests to a root type.
"""

from __future__ import annotations

from collections.abc import Callable

from router.operation import Field
from router.planner.homes import Home, Position
from router.planner.knowledge import Knowledge
from router.planner.options import Footprints, Option
from router.planner.solve import Solver


def show_footprint(footprint: int, names: tuple[str, ...]) -> str:
    bits, count = [], 2 * len(names)
    for number in range(footprint.bit_length()):
        if footprint >> number & 1:
            stage, place = divmod(number, count)
            root = "*" if place >= len(names) else ""
            bits.append(f"{stage}:{names[place % len(names)]}{root}")
    return f"[{' '.join(bits)}]"


class TracingSolver(Solver):
    """A Solver that tells each position and field it has solved; inner ones come before outer ones."""

    def __init__(self, knowledge: Knowledge, footprints: Footprints, tell: Callable[[str], None]) -> None:
        super().__init__(knowledge, footprints)
        self.tell = tell
        self.position: Position | None = None

    def field(self, position: Position, field: Field) -> list[Option]:
        options = super().field(position, field)
        if position is not self.position:
            self.position = position
            homes = ", ".join(self._home(home) for home in position.homes)
            self.tell(f"{'.'.join(position.path) or '(root)'} {position.type_name} {{{homes}}}")
        shown = " ".join(show_footprint(option[0], self.graph.names) for option in options)
        on = f"... on {field.on} " if field.on else ""
        self.tell(f"  {on}{field.key}: {shown or 'unreachable'}")
        return options

    def _home(self, home: Home) -> str:
        return f"{home.node} {show_footprint(home.footprint, self.graph.names)}"
