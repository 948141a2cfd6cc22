"""Our counters and histograms look to a registry as the Prometheus client's own do."""

from __future__ import annotations

import random
from typing import Any

import prometheus_client
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from router.telemetry import tallies
from router.telemetry.metrics import COSTS, SECONDS

LABELS = ("kind", "client")


def text(kinds: Any) -> list[str]:
    """What Prometheus reads after the same observations; when a series began is the client's alone."""
    registry, numbers = CollectorRegistry(), random.Random(7)
    made = [
        kinds.Counter("asked", "How often.", LABELS, registry=registry),
        kinds.Counter("nobody", "Never counted.", LABELS, registry=registry),
        kinds.Histogram("lasted_seconds", "How long.", LABELS, buckets=SECONDS, registry=registry),
        kinds.Histogram("cost", "How much.", LABELS, buckets=COSTS, registry=registry),
    ]
    for bound in (*SECONDS, *COSTS, 0.0, 1e9, float("inf")):
        for number in (bound, numbers.uniform(0, bound) if bound < 1e10 else bound):
            labels = (numbers.choice("ab"), numbers.choice(('"', "x\\y", "é\n")))
            made[0].labels(*labels).inc()
            made[0].labels(*labels).inc(number if number < 1e10 else 1)
            made[2].labels(*labels).observe(number)
            made[3].labels(*labels).observe(number)
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if "_created" not in line]


def test_prometheus_reads_the_same_as_from_the_clients_own() -> None:
    assert text(tallies) == text(prometheus_client)


def test_two_of_one_name_are_refused_as_the_clients_own_are() -> None:
    registry = CollectorRegistry()
    tallies.Counter("asked", "How often.", LABELS, registry=registry)
    with pytest.raises(ValueError, match="Duplicated"):
        tallies.Histogram("asked", "How long.", LABELS, buckets=SECONDS, registry=registry)
