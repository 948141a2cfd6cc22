"""Where metrics and spans go by OpenTelemetry's protocol: to one collector here, over HTTP, no headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from router.config_import.document import MISSING, Ours, Path, Theirs, path_of, text_of
from router.config_import.values import flag, seconds

OVER_HTTP = "is sent over HTTP here: give the collector's address for it, its port is often 4318"
ONE = "is sent to one collector here, and from there on"
SHOWN = "metrics are served to Prometheus too, at telemetry.metrics.listen"


@dataclass(frozen=True, slots=True)
class Signal:
    """`path` is the collector's for it, which some configurations leave out."""

    to: Path
    path: str

    @property
    def setting(self) -> str:
        return text_of((*self.to, "endpoint"))


METRICS = Signal(path_of("telemetry.metrics.otlp"), "/v1/metrics")
TRACES = Signal(path_of("telemetry.traces"), "/v1/traces")


@dataclass(frozen=True, slots=True)
class Exporter:
    """What a configuration says of one, in its own words. `endpoint` MISSING: the default, as here."""

    at: Path
    protocol: Any
    endpoint: Any = MISSING
    interval: Any = MISSING
    headers: Any = None


def put_exporters(ours: Ours, key: str, signal: Signal, exporters: list[Exporter]) -> None:
    """Those that are on."""
    if not exporters:
        return
    fitting = [exporter for exporter in exporters if exporter.protocol == "http"]
    if len(fitting) != 1:
        ours.not_carried(key, f"{signal.setting}: it {ONE if fitting else OVER_HTTP}")
        return
    (exporter,) = fitting
    for other in exporters:
        if other is not exporter:
            ours.not_carried(text_of(other.at), f"{signal.setting}: it {OVER_HTTP}")
    if exporter.headers:
        ours.not_carried(
            f"{text_of(exporter.at)}.headers", "nothing but the data is sent to a collector here"
        )
    at = text_of(exporter.at)
    if signal is METRICS:
        ours.put(at, path_of("telemetry.metrics.enabled"), True, SHOWN)
    ours.put(at, (*signal.to, "enabled"), True)
    if exporter.endpoint is not MISSING:
        ours.put(f"{at}.endpoint", (*signal.to, "endpoint"), with_path(str(exporter.endpoint), signal.path))
    if exporter.interval is not MISSING and signal is METRICS:
        interval = ours.convert(f"{at}.interval", seconds, exporter.interval)
        if interval is not MISSING:
            ours.put(f"{at}.interval", (*signal.to, "interval_seconds"), interval)


def with_path(endpoint: str, path: str) -> str:
    base = endpoint.rstrip("/")
    return base if base.endswith(path) else f"{base}{path}"


def of_apollo(theirs: Theirs, ours: Ours) -> None:
    """One of each, off unless it is said; gRPC unless it is said."""
    for name, signal in (("metrics", METRICS), ("tracing", TRACES)):
        at = path_of(f"telemetry.exporters.{name}.otlp")
        section = theirs.get(at)
        if not isinstance(section, dict):
            continue
        for key in ("enabled", "protocol", "endpoint", "http", "batch_processor", "temporality"):
            theirs.take((*at, key))
        if _is(ours, (*at, "enabled"), section.get("enabled", False)):
            endpoint = section.get("endpoint", "default")
            put_exporters(
                ours,
                text_of(at),
                signal,
                [
                    Exporter(
                        at,
                        section.get("protocol", "grpc"),
                        MISSING if endpoint == "default" else endpoint,
                        _section(section, "batch_processor").get("scheduled_delay", MISSING),
                        _section(section, "http").get("headers"),
                    )
                ],
            )


def of_cosmo(theirs: Theirs, ours: Ours) -> None:
    """Lists, on unless it is said; without an entry things go to Cosmo's own service."""
    for name, signal in (("metrics.otlp", METRICS), ("tracing", TRACES)):
        at = path_of(f"telemetry.{name}")
        section = theirs.get(at)
        if not isinstance(section, dict) or not isinstance(section.get("exporters"), list):
            continue
        theirs.take((*at, "exporters"))
        theirs.take((*at, "enabled"))
        if _is(ours, (*at, "enabled"), section.get("enabled", True)):
            found = list(_of_cosmo(section["exporters"], (*at, "exporters")))
            put_exporters(ours, text_of((*at, "exporters")), signal, found)


def _of_cosmo(entries: list[Any], at: Path) -> Iterator[Exporter]:
    for index, entry in _on(entries, "disabled", off=True):
        endpoint = entry.get("endpoint", MISSING)
        if endpoint is not MISSING and entry.get("path"):
            endpoint = with_path(str(endpoint), str(entry["path"]))
        protocol = entry.get("exporter", "http")
        yield Exporter((*at, f"[{index}]"), protocol, endpoint, headers=entry.get("headers"))


def of_hive(theirs: Theirs, ours: Ours) -> None:
    """Lists of kinds; those for Prometheus have an address of their own."""
    for name, signal in (("metrics", METRICS), ("tracing", TRACES)):
        at = path_of(f"telemetry.{name}.exporters")
        entries = theirs.take(at)
        if not isinstance(entries, list):
            continue
        on = list(_on(entries, "enabled", off=False))
        put_exporters(ours, text_of(at), signal, [_of_hive(e, (*at, f"[{i}]")) for i, e in on if _is_otlp(e)])
        for index, entry in on:
            if entry.get("kind") == "prometheus":
                where = text_of((*at, f"[{index}]"))
                ours.put(where, path_of("telemetry.metrics.enabled"), True)
                if "port" in entry:
                    ours.put(f"{where}.port", path_of("telemetry.metrics.listen"), f"0.0.0.0:{entry['port']}")
            elif not _is_otlp(entry):
                ours.not_carried(text_of((*at, f"[{index}]")), f"{signal.setting}: only OTLP is sent")


def _of_hive(entry: Mapping[str, Any], at: Path) -> Exporter:
    return Exporter(
        at,
        entry.get("protocol", "grpc"),
        entry.get("endpoint", MISSING),
        entry.get("interval", MISSING),
        _section(entry, "http").get("headers"),
    )


def _is_otlp(entry: Mapping[str, Any]) -> bool:
    return entry.get("kind") == "otlp"


def _on(entries: list[Any], switch: str, *, off: bool) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.get(switch, not off) is not off:
            yield index, entry


def _section(section: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = section.get(name)
    return found if isinstance(found, dict) else {}


def _is(ours: Ours, at: Path, value: Any) -> bool:
    """Told when it is neither true nor false."""
    return ours.convert(text_of(at), flag, value) is True
