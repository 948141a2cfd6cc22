"""Options: ways of answering a set of fields, and what each costs as one integer.

The requests of a plan are (stage, subgraph) pairs, because entity fetches to one subgraph in one stage travel
together. A *footprint* is a set of such pairs in the bits of an int:

    stage 0               stage 1
    [entity | root]       [entity | root]        one bit a subgraph, in each half of a stage
     S0 S1 … S0 S1 …       S0 S1 … S0 S1 …

so that two ways are combined with `|`, the number of requests is the number of bits, and the number of stages
follows from the highest bit. An `Option` is one way of answering a set of fields: its footprint, its size,
and the picks (which field after which move) that make it up, as a binary tree that is only flattened for
the option that wins.

`combine` joins the options of two sets of fields. It keeps those that no other one dominates, at most WIDTH,
half of them the best by stages and half the best by requests: O(WIDTH²) a call. When the budget of candidates
is used up only the best is kept, and planning is linear from there on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from router.operation import Field

if TYPE_CHECKING:
    from router.planner.search.moves import Move

Footprint: TypeAlias = int
"""A set of (stage, subgraph) pairs, as bits."""


class Pick:
    """Take `field` (with all below it) after `move`. None: only that the object is there."""

    __slots__ = ("field", "move")

    def __init__(self, move: Move, field: Field | None) -> None:
        self.move = move
        self.field = field


Picks: TypeAlias = "Pick | tuple[Picks, Picks] | None"
"""A binary tree of picks."""


class Option(NamedTuple):
    """`size` counts the fields, weighted with the stage that answers them."""

    footprint: Footprint
    size: int
    picks: Picks


NOTHING: Final = Option(0, 0, None)
WIDTH: Final = 12


class Footprints:
    """The arithmetic of footprints for a number of subgraphs, and the budget of one planning."""

    __slots__ = ("budget", "evaluated", "half", "stage_bits")

    def __init__(self, subgraphs: int, budget: int) -> None:
        self.half = subgraphs
        self.stage_bits = 2 * subgraphs
        self.budget = budget
        self.evaluated = 0

    def entity(self, stage: int, graph: int) -> Footprint:
        return 1 << (stage * self.stage_bits + graph)

    def root(self, stage: int, graph: int) -> Footprint:
        return 1 << (stage * self.stage_bits + self.half + graph)

    def last_stage(self, footprint: Footprint) -> int:
        """-1 for no request at all."""
        return (footprint.bit_length() - 1) // self.stage_bits

    def cost(self, option: Option) -> tuple[int, int, int]:
        """Stages, then requests, then size."""
        footprint = option.footprint
        return ((footprint.bit_length() - 1) // self.stage_bits, footprint.bit_count(), option.size)

    def _thrifty(self, option: Option) -> tuple[int, int, int]:
        stages, requests, size = self.cost(option)
        return (requests, stages, size)

    def combine(self, first: list[Option], second: list[Option]) -> list[Option]:
        if len(first) == 1 and len(second) == 1:
            return [_joined(first[0], second[0])]
        best: dict[Footprint, tuple[int, Option, Option]] = {}
        self.evaluated += len(first) * len(second)
        for a in first:
            footprint, size, _ = a
            for b in second:
                both, total = footprint | b.footprint, size + b.size
                known = best.get(both)
                if known is None or total < known[0]:
                    best[both] = (total, a, b)
        return self.prune([_joined(a, b) for _, a, b in best.values()])

    def prune(self, options: list[Option]) -> list[Option]:
        """Without those that ask for all that another one asks for, and more; cheapest first."""
        if len(options) < 2:
            return options
        options.sort(key=self.cost)
        if self.evaluated > self.budget:
            return options[:1]
        kept: list[Option] = []
        for option in options:
            footprint = option.footprint
            if not any(k.footprint | footprint == footprint for k in kept):
                kept.append(option)
        if len(kept) > WIDTH:
            head, tail = kept[: WIDTH // 2], kept[WIDTH // 2 :]
            tail.sort(key=self._thrifty)
            kept = head + tail[: WIDTH // 2]
        return kept


def _joined(a: Option, b: Option) -> Option:
    """Both sets of fields answered."""
    picks = b.picks if a.picks is None else (a.picks, b.picks)
    return Option(a.footprint | b.footprint, a.size + b.size, picks)


def picks_of(picks: Picks) -> Iterator[Pick]:
    """The picks of a tree, in the order they were made."""
    pending = [picks]
    while pending:
        item = pending.pop()
        if isinstance(item, Pick):
            yield item
        elif item is not None:
            first, second = item
            pending.append(second)
            pending.append(first)
