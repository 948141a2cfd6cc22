"""What a running router keeps of its first configuration, however deep it is in the file."""

from __future__ import annotations

from router.config import RouterConfig
from router.config.file import parse_config
from router.config.fixed import FIXED, changed_but_fixed, is_fixed, with_fixed_of

RUNNING = RouterConfig()
CHANGED = parse_config(
    "server: {workers: 3, graphql_path: /api}\n"
    "persisted_operations: {mode: log, sources: [lists]}\n"
    "telemetry: {access_log: {enabled: true}, traces: {sample_ratio: 0.5}}\n",
    {},
)


def test_what_is_fixed_is_told_by_its_whole_key() -> None:
    assert changed_but_fixed(RUNNING, CHANGED) == [
        "server.workers",
        "persisted_operations.sources",
        "telemetry.access_log.enabled",
        "telemetry.traces.sample_ratio",
    ]
    assert changed_but_fixed(CHANGED, CHANGED) == []


def test_what_is_fixed_stays_and_the_rest_is_taken_over() -> None:
    wanted = with_fixed_of(RUNNING, CHANGED)
    assert changed_but_fixed(RUNNING, wanted) == []
    assert wanted.telemetry == RUNNING.telemetry
    assert (wanted.server.graphql_path, wanted.persisted_operations.mode) == ("/api", "log")


def test_a_section_is_fixed_with_all_beneath_and_not_its_namesakes() -> None:
    assert all(is_fixed(key) for key in (*FIXED, "telemetry.traces.endpoint"))
    assert not is_fixed("telemetry_more")
    assert not is_fixed("persisted_operations")
