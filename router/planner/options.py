"""Footprints: what a way of answering costs, as one integer.

The requests of a plan are (stage, subgraph) pairs, because entity fetches to one subgraph in one stage travel
together. A *footprint* is a set of such pairs in the bits of an int:

    stage 0               stage 1
    [entity | root]       [entity | root]        one bit a subgraph, in each half of a stage
     S0 S1 … S0 S1 …       S0 S1 … S0 S1 …

so that two ways are combined with `|`, the number of requests is the number of bits, and the number of stages
follows from the highest bit. An `Option` is one way of answering a set of fields: its footprint, its size,
and the picks (which field from which home) that make it up, as a binary tree that is only flattened for
the option that wins.

`combine` joins the options of two sets of fields. It keeps those that no other one dominates, at most WIDTH,
half of them the best by stages and half the best by requests: O(WIDTH²) a call. When the budget of candidates
is used up only the best is kept, and planning is linear from there on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from router.planner.homes import Home

Picks: TypeAlias = Any
"""None, a Pick, or a pair of Picks."""

Option: TypeAlias = tuple[int, int, Picks]
"""(footprint, size, picks)"""

NOTHING: Final[Option] = (0, 0, None)
WIDTH: Final = 12


class Footprints:
    """The arithmetic of footprints for a number of subgraphs, and the budget of one planning."""

    __slots__ = ("budget", "evaluated", "half", "stage_bits")

    def __init__(self, subgraphs: int, budget: int) -> None:
        self.half = subgraphs
        self.stage_bits = 2 * subgraphs
        self.budget = budget
        self.evaluated = 0

    def entity(self, stage: int, graph: int) -> int:
        return 1 << (stage * self.stage_bits + graph)

    def root(self, stage: int, graph: int) -> int:
        return 1 << (stage * self.stage_bits + self.half + graph)

    def last_stage(self, footprint: int) -> int:
        """-1 for no request at all."""
        return (footprint.bit_length() - 1) // self.stage_bits

    def cost(self, option: Option) -> tuple[int, int, int]:
        """Stages, then requests, then size."""
        footprint = option[0]
        return ((footprint.bit_length() - 1) // self.stage_bits, footprint.bit_count(), option[1])

    def _thrifty(self, option: Option) -> tuple[int, int, int]:
        footprint = option[0]
        return (footprint.bit_count(), (footprint.bit_length() - 1) // self.stage_bits, option[1])

    def combine(self, first: list[Option], second: list[Option]) -> list[Option]:
        if len(first) == 1 and len(second) == 1:
            a, b = first[0], second[0]
            return [(a[0] | b[0], a[1] + b[1], (a[2], b[2]) if a[2] is not None else b[2])]
        best: dict[int, Option] = {}
        self.evaluated += len(first) * len(second)
        for a in first:
            for b in second:
                footprint, size = a[0] | b[0], a[1] + b[1]
                known = best.get(footprint)
                if known is None or size < known[1]:
                    best[footprint] = (footprint, size, (a[2], b[2]) if a[2] is not None else b[2])
        return self.prune(list(best.values()))

    def prune(self, options: list[Option]) -> list[Option]:
        """Without those that ask for all that another one asks for, and more; cheapest first."""
        if len(options) < 2:
            return options
        options.sort(key=self.cost)
        if self.evaluated > self.budget:
            return options[:1]
        kept: list[Option] = []
        for option in options:
            footprint = option[0]
            if not any(k[0] | footprint == footprint for k in kept):
                kept.append(option)
        if len(kept) > WIDTH:
            head, tail = kept[: WIDTH // 2], kept[WIDTH // 2 :]
            tail.sort(key=self._thrifty)
            kept = head + tail[: WIDTH // 2]
        return kept


def picks_of(picks: Picks) -> list[Pick]:
    """The picks of an option, in the order they were made."""
    found: list[Pick] = []
    pending = [picks]
    while pending:
        item = pending.pop()
        if isinstance(item, Pick):
            found.append(item)
        elif item is not None:
            pending.append(item[1])
            pending.append(item[0])
    return found


class Pick:
    """Take `field` (with all below it) from `home`. None: only that the object is there."""

    __slots__ = ("field", "home", "internal")

    def __init__(self, home: Home, field: Any, internal: bool = False) -> None:
        self.home = home
        self.field = field
        self.internal = internal
