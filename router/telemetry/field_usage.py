"""Which fields are used by whom, for who wants to remove some.

A request adds one to its prepared operation's count for its client; what that means for each field is worked
out a moment later, for all requests of that moment at once. Client names are whatever clients write: beyond
`max_series` pairs of coordinate and client the client is `other`, beyond twice that the coordinate is too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from router.pipeline.used_fields import UsedFields
from router.telemetry.metrics import OTHER, UNNAMED
from router.telemetry.observer import Observed

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLD_SECONDS = 1.0
MAX_PENDING = 1000
REQUESTS = "plait_field_requests"
LAST_USED = "plait_field_last_used_timestamp_seconds"
SINCE = "plait_field_usage_began_timestamp_seconds"


class FieldUsage:
    """Into two metrics of this registry, by coordinate and client. `now` is in seconds since 1970."""

    def __init__(
        self, registry: CollectorRegistry, max_series: int, now: Callable[[], float] = time.time
    ) -> None:
        from prometheus_client import Counter, Gauge

        labels = ("coordinate", "client")
        self._requests = Counter(
            REQUESTS, "Operations that use a field or argument.", labels, registry=registry
        )
        self._last_used = Gauge(
            LAST_USED, "When one last did.", labels, registry=registry, multiprocess_mode="max"
        )
        self._began = Gauge(SINCE, "Since when this is counted.", registry=registry, multiprocess_mode="min")
        self._began.set(now())
        self._max_series = max_series
        self._now = now
        self._series: dict[tuple[str, str], tuple[Any, Any]] = {}
        self._pending: dict[tuple[UsedFields, str], int] = {}
        self._timer: asyncio.TimerHandle | None = None

    def ended(self, observed: Observed) -> None:
        client = observed.partner or observed.client_name or UNNAMED
        for facts in observed.operations:
            if facts.operation is not None and facts.operation.used is not None:
                self.note(facts.operation.used, client)

    def note(self, used: UsedFields, client: str) -> None:
        """One request. O(1), whatever it asks."""
        key = (used, client)
        self._pending[key] = self._pending.get(key, 0) + 1
        if len(self._pending) >= MAX_PENDING:
            self.fold()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FOLD_SECONDS, self.fold)

    def fold(self) -> None:
        """What was noted is counted field by field. O(coordinates of the different operations noted)."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        pending, self._pending = self._pending, {}
        now = self._now()
        for (used, client), count in pending.items():
            for coordinate in used.coordinates:
                requests, last_used = self._of(coordinate, client)
                requests.inc(count)
                last_used.set(now)

    def _of(self, coordinate: str, client: str) -> tuple[Any, Any]:
        """The counter and the gauge of a pair, or of what stands for it when there are too many."""
        found = self._series.get((coordinate, client))
        if found is not None:
            return found
        count = len(self._series)
        if count >= self._max_series and client != OTHER:
            return self._of(coordinate, OTHER)
        if count >= 2 * self._max_series and coordinate != OTHER:
            return self._of(OTHER, OTHER)
        made = self._requests.labels(coordinate, client), self._last_used.labels(coordinate, client)
        self._series[coordinate, client] = made
        return made
