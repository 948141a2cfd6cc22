"""A partner's requests are told apart: in the access log, in metrics with bounded labels, in traces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from router.config import AccessLogConfig, MetricsConfig, TelemetryConfig
from router.partners.key import new_key
from router.telemetry.metrics import MAX_NAMES, Metrics
from router.telemetry.observer import Observed
from router.telemetry.traces import Traces
from tests.support.partners import add_partner, router, serving, store

BY_ID = {"documentId": "me-1"}


async def test_the_access_log_and_metrics_name_the_partner_and_never_the_key(tmp_path: Path) -> None:
    folder, lines = store(tmp_path / "partners"), tmp_path / "access.log"
    key = add_partner(folder)
    telemetry = TelemetryConfig(
        access_log=AccessLogConfig(enabled=True, file=str(lines)), metrics=MetricsConfig(enabled=True)
    )
    made = router(tmp_path / "partners", telemetry=telemetry)
    async with serving(made) as http:
        await http.post("/graphql", json=BY_ID, headers={"x-api-key": key})
        await http.post("/graphql", json={"documentId": "unknown"}, headers={"x-api-key": key})
        await http.post("/graphql", json={"query": "{ me { name } }"})
        await http.post("/graphql", json=BY_ID, headers={"x-api-key": new_key()})
        assert made.telemetry.metrics is not None
        text = made.telemetry.metrics.text().decode()
    logged = [json.loads(line) for line in said(lines).splitlines()]
    assert [line.get("partner") for line in logged] == ["acme", "acme", None, None]
    assert logged[3]["codes"] == ["PARTNER_KEY_UNKNOWN"]
    assert 'plait_partner_requests_total{partner="acme",status="200"} 1.0' in text
    assert 'plait_partner_requests_total{partner="acme",status="404"} 1.0' in text
    assert key not in said(lines) + text


def said(path: Path) -> str:
    return path.read_text()


def test_of_too_many_partners_the_rest_share_a_label() -> None:
    metrics = Metrics(lambda: 0)
    for number in range(MAX_NAMES + 5):
        observed = Observed("POST", {})
        observed.partner, observed.status = f"partner-{number}", 200
        metrics.ended(observed)
    assert 'partner="other",status="200"} 5.0' in metrics.text().decode()


def test_a_trace_has_the_partner() -> None:
    sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="needs plait[telemetry]")
    export: Any = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    provider, exporter = sdk.TracerProvider(), export.InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces, observed = Traces(provider), Observed("POST", {})
    traces.begun(observed)
    observed.partner, observed.status = "acme", 200
    traces.ended(observed)
    (span,) = exporter.get_finished_spans()
    assert span.attributes["plait.partner"] == "acme"
