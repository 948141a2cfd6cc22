"""Views: by anybody, counted once, of what everybody may see."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from subgraphs.analytics.service import views as limits
from tests.subgraphs.analytics.conftest import Analysis, raw, seen
from tests.subgraphs.support import denied, refused


async def test_a_view_that_is_told_twice_is_one_and_somebody_is_one_visitor_a_day(analysis: Analysis) -> None:
    host, ada = analysis.person(), analysis.person()
    event = await analysis.event(host.id)
    views = [seen(event, 1), seen(event, 2)]
    assert await analysis.view(ada, *views, views[0]) == {"recorded": 2, "known": 1, "unknownEventIds": []}
    assert (await analysis.view(ada, *views))["known"] == 2
    assert (await analysis.view(None, views[0]))["known"] == 1
    for address in ("198.51.100.1", "198.51.100.2", "198.51.100.1"):
        await analysis.view(None, seen(event, 1), x_forwarded_for=address)
    await analysis.roll_up()
    funnel = (await analysis.shown(host, "Event", event))["funnel"]
    days = await raw("SELECT count(DISTINCT occurred_at::date)::int FROM analytics.analytics_events")
    assert funnel["views"] == 5
    assert 3 <= funnel["visitors"] <= 3 * days[0][0], "more than three only around midnight"


async def test_views_of_what_not_everybody_may_see_are_left_out(analysis: Analysis) -> None:
    host = analysis.person()
    draft, unknown, event = await analysis.event(host.id, is_public=False), uuid4(), await analysis.event()
    answer = await analysis.view(host, seen(draft), seen(unknown), seen(event), seen(unknown))
    assert answer == {"recorded": 1, "known": 0, "unknownEventIds": [str(draft), str(unknown)]}


async def test_what_cannot_be_a_view_is_refused_with_its_place(analysis: Analysis) -> None:
    event = await analysis.event()
    views = [seen(event, -10), seen(event, 60 * 25), seen(event, clientId="x", eventId="\u0000")]
    assert await refused(analysis.subgraph, "recordEventViews", views=views) == [
        ("INVALID_INPUT", f"views.{place}")
        for place in ("2.clientId", "2.eventId", "0.viewedAt", "1.viewedAt")
    ]
    for number in (0, 101):
        assert await refused(analysis.subgraph, "recordEventViews", views=[seen(event)] * number) == [
            ("INVALID_INPUT", "views")
        ]


async def test_batches_are_limited_for_each_who_sends_them(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BATCHES", replace(limits.BATCHES, count=3, seconds=3600))
    event, ada = await analysis.event(), analysis.person()
    for _ in range(3):
        await analysis.view(ada, seen(event))
    assert (
        await denied(analysis.subgraph, "recordEventViews", ada.headers, views=[seen(event)])
        == "RATE_LIMITED"
    )
    assert (await analysis.view(analysis.person(), seen(event)))["recorded"] == 1
