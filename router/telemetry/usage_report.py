"""What was counted of fields, as people and programs read it: every coordinate of the schema, used or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from graphql import GraphQLSchema

from router.pipeline.used_fields import coordinates_of
from router.telemetry.field_usage import LAST_USED, REQUESTS, SINCE

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class ClientUse(msgspec.Struct, frozen=True):
    """`requests` since counting began; `last_used` within a second."""

    name: str
    requests: int
    last_used: datetime


class FieldUse(msgspec.Struct, frozen=True):
    """`coordinate` is a field or an argument. Nobody used it who is not among `clients`, most requests first.

    `deprecated` is the reason, None for what is not.
    """

    coordinate: str
    deprecated: str | None
    clients: tuple[ClientUse, ...]

    @property
    def requests(self) -> int:
        return sum(client.requests for client in self.clients)


class UsageReport(msgspec.Struct, frozen=True):
    """`since`: before that nobody counted."""

    since: datetime
    fields: tuple[FieldUse, ...]


def usage_report(collected: CollectorRegistry, schema: GraphQLSchema) -> UsageReport:
    """`collected` is what `Metrics.collected` returns. O(series + schema)."""
    requests: dict[tuple[str, str], int] = {}
    last_used: dict[tuple[str, str], float] = {}
    since = 0.0
    for name, key, value in _samples(collected):
        if name == f"{REQUESTS}_total":
            requests[key] = int(value)
        elif name == LAST_USED:
            last_used[key] = value
        elif name == SINCE:
            since = value
    clients: dict[str, list[ClientUse]] = {}
    for (coordinate, client), count in requests.items():
        last = _moment(last_used.get((coordinate, client), since))
        clients.setdefault(coordinate, []).append(ClientUse(client, count, last))
    fields = (
        FieldUse(coordinate, deprecated, _ordered(clients.get(coordinate, ())))
        for coordinate, deprecated in coordinates_of(schema)
    )
    return UsageReport(_moment(since), tuple(fields))


def merged(reports: Iterable[UsageReport]) -> UsageReport:
    """Of several routers of one graph. What all of them have counted began with the last of them."""
    since: datetime | None = None
    found: dict[str, tuple[str | None, dict[str, ClientUse]]] = {}
    for report in reports:
        since = report.since if since is None else max(since, report.since)
        for field in report.fields:
            _, clients = found.setdefault(field.coordinate, (field.deprecated, {}))
            for client in field.clients:
                clients[client.name] = _together(clients.get(client.name), client)
    assert since is not None, "there is a report"
    fields = (
        FieldUse(coordinate, deprecated, _ordered(clients.values()))
        for coordinate, (deprecated, clients) in sorted(found.items())
    )
    return UsageReport(since, tuple(fields))


def _together(one: ClientUse | None, other: ClientUse) -> ClientUse:
    if one is None:
        return other
    return ClientUse(one.name, one.requests + other.requests, max(one.last_used, other.last_used))


def _ordered(clients: Iterable[ClientUse]) -> tuple[ClientUse, ...]:
    return tuple(sorted(clients, key=lambda client: (-client.requests, client.name)))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _samples(collected: CollectorRegistry) -> Iterator[tuple[str, tuple[str, str], float]]:
    for family in collected.collect():
        for sample in family.samples:
            labels = sample.labels
            yield sample.name, (labels.get("coordinate", ""), labels.get("client", "")), sample.value
