"""The metrics as a collector gets them: the same names, kinds and values that Prometheus reads."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from router.config import MetricsConfig, OTLPMetricsConfig, RouterConfig, TelemetryConfig
from router.telemetry.metrics import SECONDS
from router.telemetry.otlp_metrics import otlp_name
from tests.router.http.test_graphql_endpoint import client

service = pytest.importorskip(
    "opentelemetry.proto.collector.metrics.v1.metrics_service_pb2",
    reason="needs OpenTelemetry (pip install 'plait[telemetry]')",
)


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Any]]]:
    """An address, and what was sent to it."""
    received: list[Any] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append(service.ExportMetricsServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/metrics", received
    server.shutdown()
    server.server_close()
    thread.join()


def sending_to(endpoint: str) -> RouterConfig:
    otlp = OTLPMetricsConfig(enabled=True, endpoint=endpoint, interval_seconds=60)
    return RouterConfig(telemetry=TelemetryConfig(metrics=MetricsConfig(enabled=True, otlp=otlp)))


def labels_of(point: Any) -> dict[str, str]:
    return {each.key: each.value.string_value for each in point.attributes}


async def test_a_collector_gets_what_prometheus_reads_when_the_router_ends_at_the_latest(
    collector: tuple[str, list[Any]],
) -> None:
    endpoint, received = collector
    async with client(sending_to(endpoint)) as http_client:
        for _ in range(3):
            await http_client.post("/graphql", json={"query": "query A { me { id } }"})
    ((resource,),) = [request.resource_metrics for request in received]
    about = labels_of(resource.resource)
    assert about["service.name"] == "plait-router"
    assert about["service.instance.id"]
    found = {metric.name: metric for scope in resource.scope_metrics for metric in scope.metrics}
    (operations,) = found["plait_operations"].sum.data_points
    assert (operations.as_double, found["plait_operations"].sum.is_monotonic) == (3, True)
    expected = {"operation": "A", "kind": "query", "client": "unnamed", "outcome": "success"}
    assert labels_of(operations) == expected
    duration = found["http.server.request.duration"]
    (point,) = duration.histogram.data_points
    assert (duration.unit, point.count, sum(point.bucket_counts)) == ("s", 3, 3)
    assert list(point.explicit_bounds) == list(SECONDS)
    assert len(point.bucket_counts) == len(SECONDS) + 1
    assert 0 < point.sum < 3 * 60
    assert labels_of(point) == {"http.request.method": "POST", "http.response.status_code": "200"}
    assert found["http.server.active_requests"].gauge.data_points[0].as_double == 0


async def test_a_collector_that_is_away_holds_up_nobody() -> None:
    async with client(sending_to("http://127.0.0.1:1/v1/metrics")) as http_client:
        assert (await http_client.post("/graphql", json={"query": "{ me { id } }"})).status_code == 200


@pytest.mark.parametrize(
    ("prometheus", "expected"),
    [
        ("plait_operations", ("plait_operations", "")),
        ("plait_fetch_duration_seconds", ("plait_fetch_duration", "s")),
        ("http_server_request_duration_seconds", ("http.server.request.duration", "s")),
    ],
)
def test_a_collector_makes_our_names_of_what_it_gets(prometheus: str, expected: tuple[str, str]) -> None:
    assert otlp_name(prometheus) == expected
