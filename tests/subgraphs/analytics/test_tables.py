"""A series as a table: what the graph says, to who may read it there."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import uuid4

import httpx2 as httpx

from tests.subgraphs.analytics.conftest import NOON, Analysis, paid, registered


async def test_the_table_says_what_the_graph_says_to_the_same_people(analysis: Analysis) -> None:
    ours, host = uuid4(), analysis.person()
    member, event = analysis.person(tenant=ours), await analysis.event(tenant=ours)
    own = await analysis.event(host.id)
    await analysis.hear(registered(event), paid(event, 500), paid(event, 70, currency="JPY"))
    await analysis.hear(paid(event, 500, "RefundSucceeded", when=NOON + timedelta(days=1)))
    await analysis.roll_up()
    asked = {
        "since": f"{NOON:%Y-%m-%d}",
        "until": f"{NOON + timedelta(days=2):%Y-%m-%dT00:00:00Z}",
        "timeZone": "UTC",
    }
    transport = httpx.ASGITransport(analysis.subgraph.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://analytics") as client:
        for address in (f"/analytics/events/{event}.csv", f"/analytics/organizations/{ours}.csv"):
            answer = await client.get(address, params=asked, headers=dict(member.headers))
            assert answer.headers["content-type"] == "text/csv; charset=utf-8"
            first, second = csv.DictReader(io.StringIO(answer.text))
            assert first["starts_at"] == f"{NOON:%Y-%m-%dT00:00:00Z}"
            assert (first["registered"], first["paid_EUR"], first["paid_JPY"]) == ("1", "500", "70")
            assert (second["registered"], second["refunded_EUR"], second["refunded_JPY"]) == ("0", "500", "0")
            assert (await client.get(address)).status_code == 401
            assert (await client.get(address, headers=dict(host.headers))).status_code == 404
        headers = dict(host.headers)
        assert (await client.get(f"/analytics/events/{own}.csv", headers=headers)).status_code == 200
        for wrong in (
            "unit=YEAR",
            "timeZone=Mars",
            "since=yesterday",
            "since=0001-01-01",
            "until=2026-99-01",
        ):
            answer = await client.get(f"/analytics/events/{own}.csv?{wrong}", headers=headers)
            assert answer.status_code == 400, wrong
        for nothing in ("/analytics/events/x.csv", f"/analytics/users/{host.id}.csv"):
            assert (await client.get(nothing, headers=headers)).status_code == 404
