"""Progressive overrides: by chance, by configuration, by a hook."""

from __future__ import annotations

import pytest

from router.pipeline.override_labels import OverrideLabels
from router.pipeline.request import RequestContext

ANYONE = RequestContext({"x-tenant": "a"})


@pytest.mark.parametrize(
    ("rolled", "on"), [(0.0, {"percent(10)", "percent(50.5)"}), (0.3, {"percent(50.5)"}), (0.6, set())]
)
def test_one_roll_decides_all_percentages(rolled: float, on: set[str]) -> None:
    labels = OverrideLabels.of(["percent(10)", "percent(50.5)"], (), roll=lambda: rolled)
    assert labels.active(ANYONE) == on


def test_a_label_that_is_configured_is_always_on_and_an_unknown_one_never() -> None:
    labels = OverrideLabels.of(["rollout", "other"], ["rollout", "unknown"])
    assert labels.active(ANYONE) == {"rollout"}


def test_a_hook_turns_labels_on_for_a_request() -> None:
    labels = OverrideLabels.of(
        ["tenant-a", "other"], (), hook=lambda c: [f"tenant-{c.headers['x-tenant']}", "unknown"]
    )
    assert labels.active(ANYONE) == {"tenant-a"}


def test_a_percent_label_cannot_be_configured() -> None:
    assert OverrideLabels.of(["percent(0)"], ["percent(0)"]).active(ANYONE) == frozenset()
