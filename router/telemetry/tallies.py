"""Counters and histograms of one process, for the Prometheus client's registry: one is added in a moment.

The client's own take a lock for each number, and a histogram asks bucket by bucket; with a few of them for
each request that is as much as all else the router does for a small operation. These are used in the event
loop only, and read elsewhere: a reader may see an observation's bucket before its sum. Where processes count
together the client's own are used, whose values are in files (`metrics.py`); both look alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

Labels = tuple[str, ...]


class Count:
    """Of one set of label values."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0

    def inc(self, amount: float = 1) -> None:
        self.value += amount


class Distribution:
    """Of one set of label values. `bounds` end with infinity; each bucket has what is up to its bound."""

    __slots__ = ("bounds", "buckets", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.buckets = [0] * len(bounds)
        self.sum = 0.0

    def observe(self, amount: float) -> None:
        """O(log buckets)."""
        self.buckets[bisect_left(self.bounds, amount)] += 1
        self.sum += amount


class Counter:
    """`name` without `_total`."""

    def __init__(
        self, name: str, documentation: str, labelnames: Sequence[str], *, registry: CollectorRegistry
    ) -> None:
        self._name, self._documentation, self._labelnames = name, documentation, labelnames
        self._children: dict[Labels, Count] = {}
        registry.register(self)

    def labels(self, *values: str) -> Count:
        """The same object for the same values."""
        return self._children.setdefault(values, Count())

    def describe(self) -> Iterable[Metric]:
        from prometheus_client.metrics_core import CounterMetricFamily

        return [CounterMetricFamily(self._name, self._documentation, labels=self._labelnames)]

    def collect(self) -> Iterable[Metric]:
        from prometheus_client.metrics_core import CounterMetricFamily

        family = CounterMetricFamily(self._name, self._documentation, labels=self._labelnames)
        for values, child in self._children.copy().items():
            family.add_metric(values, child.value)
        return [family]


class Histogram:
    """`buckets` are upper bounds, ascending; infinity is added."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labelnames: Sequence[str],
        *,
        buckets: Sequence[float],
        registry: CollectorRegistry,
    ) -> None:
        self._name, self._documentation, self._labelnames = name, documentation, labelnames
        self._bounds = (*buckets, float("inf"))
        self._children: dict[Labels, Distribution] = {}
        registry.register(self)

    def labels(self, *values: str) -> Distribution:
        """The same object for the same values."""
        return self._children.setdefault(values, Distribution(self._bounds))

    def describe(self) -> Iterable[Metric]:
        from prometheus_client.metrics_core import HistogramMetricFamily

        return [HistogramMetricFamily(self._name, self._documentation, labels=self._labelnames)]

    def collect(self) -> Iterable[Metric]:
        from prometheus_client.metrics_core import HistogramMetricFamily
        from prometheus_client.utils import floatToGoString

        family = HistogramMetricFamily(self._name, self._documentation, labels=self._labelnames)
        text_of: Any = floatToGoString
        names = [text_of(bound) for bound in self._bounds]
        for values, child in self._children.copy().items():
            below, up_to = 0, []
            for name, count in zip(names, tuple(child.buckets), strict=True):
                below += count
                up_to.append((name, below))
            family.add_metric(values, up_to, child.sum)
        return [family]
