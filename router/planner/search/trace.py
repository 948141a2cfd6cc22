"""What the search saw, line by line: for `plait debug paths` and for finding out why a plan is what it is.

    media.animals.@ Animal {Animal@b [0:b*], Animal@a [0:a* 1:b]}
      name: [0:b*] [0:a* 1:b]

A position with its moves, then each field with its options, cheapest first. `1:b` is a request to subgraph b
in stage 1; `*` marks requests to a root type.
"""

from __future__ import annotations

from collections.abc import Callable

from router.operation import Field
from router.plan.paths import shown_path
from router.planner.facts import SupergraphFacts
from router.planner.search.fields import Search
from router.planner.search.moves import Move, Position
from router.planner.search.options import Footprint, Footprints, Option


def show_footprint(footprint: Footprint, names: tuple[str, ...]) -> str:
    bits, count = [], 2 * len(names)
    for number in range(footprint.bit_length()):
        if footprint >> number & 1:
            stage, place = divmod(number, count)
            root = "*" if place >= len(names) else ""
            bits.append(f"{stage}:{names[place % len(names)]}{root}")
    return f"[{' '.join(bits)}]"


class TracingSearch(Search):
    """A Search that tells each position and field it has searched; inner ones come before outer ones."""

    def __init__(self, facts: SupergraphFacts, footprints: Footprints, tell: Callable[[str], None]) -> None:
        super().__init__(facts, footprints)
        self.tell = tell
        self.position: Position | None = None

    def field(self, position: Position, field: Field) -> list[Option]:
        options = super().field(position, field)
        if position is not self.position:
            self.position = position
            moves = ", ".join(self._move(move) for move in position.moves)
            self.tell(f"{shown_path(position.path) or '(root)'} {position.type_name} {{{moves}}}")
        shown = " ".join(show_footprint(option.footprint, self.graph.names) for option in options)
        on = f"... on {field.on} " if field.on else ""
        self.tell(f"  {on}{field.key}: {shown or 'unreachable'}")
        return options

    def _move(self, move: Move) -> str:
        return f"{move.node} {show_footprint(move.footprint, self.graph.names)}"
