"""Which `@override` labels are on for a request: `percent(x)` by chance, others by configuration or hook."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from router.pipeline.request import RequestContext

PERCENT = re.compile(r"percent\((\d+(?:\.\d+)?)\)")
LabelHook = Callable[[RequestContext], Iterable[str]]
"""The custom labels that are on for a request, besides those of the configuration."""

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OverrideLabels:
    """`percentages` pairs each percent label with its chance, 0 to 1."""

    percentages: tuple[tuple[str, float], ...]
    custom: frozenset[str]
    always: frozenset[str]
    hook: LabelHook | None
    roll: Callable[[], float]

    @classmethod
    def of(
        cls,
        labels: Iterable[str],
        configured: Iterable[str],
        hook: LabelHook | None = None,
        roll: Callable[[], float] = random.random,
    ) -> OverrideLabels:
        known = frozenset(labels)
        matches = {label: PERCENT.fullmatch(label) for label in sorted(known)}
        percentages = tuple((label, float(m.group(1)) / 100) for label, m in matches.items() if m)
        custom = frozenset(label for label, m in matches.items() if not m)
        return cls(percentages, custom, custom & frozenset(configured), hook, roll)

    def active(self, context: RequestContext) -> frozenset[str]:
        """One roll decides all percentages: a client in the first 10% is also in the first 50%."""
        if not self.percentages and not self.custom:
            return NONE
        rolled = self.roll() if self.percentages else 1.0
        on = {label for label, chance in self.percentages if rolled < chance}
        if self.hook is not None and self.custom:
            on |= self.custom.intersection(self.hook(context))
        return self.always | on
