"""How much work a check may do. All work is charged: places looked at for a field, sets of places made and
compared, conditions evaluated. A unit is about a microsecond.
"""

from __future__ import annotations

from dataclasses import dataclass


class BudgetExceeded(Exception):
    """The walk did more work than it was allowed to."""


@dataclass(slots=True)
class Budget:
    """How much work is still allowed."""

    left: int

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise BudgetExceeded
