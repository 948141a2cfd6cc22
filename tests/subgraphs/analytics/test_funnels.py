"""Funnels: what messages come to, who may see it, and in whose hours and days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.subgraphs.analytics.conftest import (
    ASK,
    NOON,
    Analysis,
    around,
    paid,
    raw,
    registered,
    rows,
    seen,
    told_at,
)
from tests.subgraphs.support import code

ADMIN = frozenset({"ROLE_ADMIN"})
NONE = {
    "views": 0,
    "visitors": 0,
    "reservations": 0,
    "waitlisted": 0,
    "registrations": 0,
    "cancellations": 0,
    "expirations": 0,
    "checkIns": 0,
    "paid": [],
    "refunded": [],
}


async def test_a_funnel_is_what_the_domains_have_told(analysis: Analysis) -> None:
    host = analysis.person()
    event = await analysis.event(host.id)
    await analysis.hear(
        *(registered(event, "RegistrationReserved") for _ in range(4)),
        *(registered(event, was="PENDING") for _ in range(3)),
        registered(event, "RegistrationWaitlisted"),
        registered(event, "RegistrationCancelled", was="CONFIRMED"),
        registered(event, "RegistrationCancelled", was="PENDING"),
        registered(event, "RegistrationExpired"),
        *(registered(event, "TicketCheckedIn") for _ in range(3)),
        registered(event, "TicketCheckInUndone"),
        paid(event, 1250),
        paid(event, 1250),
        paid(event, 900, currency="JPY"),
        paid(event, 1250, "PaymentFailed"),
        paid(event, 1250, "RefundSucceeded"),
    )
    await analysis.roll_up()
    shown = await analysis.shown(host, "Event", event, **around(NOON))
    assert shown["funnel"] == {
        "views": 0,
        "visitors": 0,
        "reservations": 4,
        "waitlisted": 1,
        "registrations": 3,
        "cancellations": 1,
        "expirations": 1,
        "checkIns": 2,
        "paid": [{"amountMinor": 2500, "currency": "EUR"}, {"amountMinor": 900, "currency": "JPY"}],
        "refunded": [{"amountMinor": 1250, "currency": "EUR"}],
    }
    assert await analysis.rolled() == await raw()


async def test_numbers_are_for_the_host_the_organization_and_administrators(analysis: Analysis) -> None:
    ours, theirs, host = uuid4(), uuid4(), analysis.person()
    of_ours, of_host = await analysis.event(host.id, ours), await analysis.event(host.id)
    await analysis.hear(registered(of_ours), registered(of_host))
    await analysis.roll_up()
    member, other, admin = (
        analysis.person(tenant=ours),
        analysis.person(tenant=theirs),
        analysis.person(roles=ADMIN),
    )
    asked = {
        (name, kind): await analysis.shown(who, kind, subject, **around(NOON))
        for name, who in (("host", host), ("member", member), ("other", other), ("admin", admin), ("", None))
        for kind, subject in (("Event", of_ours), ("Organization", ours))
    }
    seen_by = {at: found["funnel"]["registrations"] for at, found in asked.items() if found is not None}
    assert seen_by == {
        ("member", "Event"): 1,
        ("member", "Organization"): 1,
        ("admin", "Event"): 1,
        ("admin", "Organization"): 1,
    }
    assert (await analysis.shown(host, "Event", of_host, **around(NOON)))["funnel"]["registrations"] == 1
    assert await analysis.shown(member, "Event", of_host) is None
    assert await analysis.shown(admin, "Event", uuid4()) is None


async def test_an_organizations_numbers_are_those_of_all_its_events(analysis: Analysis) -> None:
    ours = uuid4()
    member = analysis.person(tenant=ours)
    assert (await analysis.shown(member, "Organization", ours))["funnel"] == NONE
    early = uuid4()
    await analysis.hear(registered(early))  # before anybody has told of the event
    for event in [await analysis.event(tenant=ours) for _ in range(3)]:
        await analysis.hear(registered(event), paid(event, 2**53 - 1))
    await analysis.event(tenant=uuid4())
    await analysis.roll_up()
    funnel = (await analysis.shown(member, "Organization", ours, **around(NOON)))["funnel"]
    assert funnel["registrations"] == 3
    assert funnel["paid"] == [{"amountMinor": 3 * (2**53 - 1), "currency": "EUR"}]
    state = {"tenant_id": str(ours), "host_id": str(uuid4()), "is_public": True, "timezone": "UTC"}
    late = told_at(NOON, "events.event", "EventUpdated", state | {"starts_at": NOON.isoformat()}, key=early)
    await analysis.hear(late)
    funnel = (await analysis.shown(member, "Organization", ours, **around(NOON)))["funnel"]
    assert funnel["registrations"] == 4, "what was told before the event was known is the organization's too"


async def test_days_and_hours_are_those_of_the_time_zone(analysis: Analysis) -> None:
    host = analysis.person()
    event = await analysis.event(host.id)
    midnight = NOON.replace(hour=0, minute=0)
    for hours in (-0.25, 0, 5.5, 18.25):  # 18:15 UTC is midnight in Kathmandu
        await analysis.hear(registered(event, when=midnight + timedelta(hours=hours, minutes=1)))
    await analysis.roll_up()
    asked = {
        "since": (midnight - timedelta(days=1)).isoformat(),
        "until": (midnight + timedelta(days=1)).isoformat(),
    }
    utc = await analysis.shown(host, "Event", event, **asked)
    assert rows(utc["series"], "registrations") == [
        (f"{midnight - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}", 1),
        (f"{midnight:%Y-%m-%dT%H:%M:%SZ}", 3),
    ]
    there = await analysis.shown(host, "Event", event, **asked, zone="Asia/Kathmandu")
    assert [number for _, number in rows(there["series"], "registrations")] == [0, 3, 1]
    assert [start[11:16] for start, _ in rows(there["series"], "registrations")] == ["18:15"] * 3
    hours = (await analysis.shown(host, "Event", event, **asked, zone="Asia/Kathmandu", unit="HOUR"))[
        "series"
    ]
    assert {start[14:16] for start, _ in rows(hours, "registrations")} == {"15"}
    assert sum(number for _, number in rows(hours, "registrations")) == 4


async def test_a_time_that_is_none_or_too_long_is_refused(analysis: Analysis) -> None:
    host = analysis.person()
    event = await analysis.event(host.id)
    at = {"r": [{"__typename": "Event", "id": str(event)}]}
    now = datetime.now(UTC)
    for given in (
        {"since": "0001-01-01T00:00:00Z"},
        {"until": "9999-12-31T23:59:59Z"},
        {"since": (now + timedelta(days=1)).isoformat()},
        {"since": (now - timedelta(days=400)).isoformat()},
        {"since": (now - timedelta(days=40)).isoformat(), "unit": "HOUR"},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"zone": ""},
    ):
        assert await code(analysis.subgraph, ASK, host.headers, **at, **given) == "BAD_USER_INPUT", given


async def test_the_platforms_numbers_are_for_administrators(analysis: Analysis) -> None:
    query = """query($since: DateTime) { platformAnalytics(since: $since) {
        counts { activity number amounts { amountMinor currency } } } }"""
    event = await analysis.event()
    post = {
        "id": str(uuid4()),
        "author_id": str(uuid4()),
        "visibility": "PUBLIC",
        "created_at": NOON.isoformat(),
    }
    old = post | {"id": str(uuid4()), "created_at": (NOON - timedelta(days=300)).isoformat()}
    for _ in range(2):  # told again when it changes
        await analysis.hear(told_at(NOON, "posts.posts", "PostsTold", {"rows": [post, old], "gone": []}))
    await analysis.hear(
        told_at(NOON, "events.event", "EventPublished", await state_of(event), key=event),
        told_at(NOON, "users.relation", "UserFollowed", {}),
        told_at(NOON, "users.relation", "UserBlocked", {}),
        told_at(NOON, "users.organization", "OrganizationCreated", {}),
        told_at(NOON, "users.account", "UserDeleted", {}),
        paid(event, 500),
    )
    await analysis.view(None, seen(event))
    await analysis.roll_up()
    from tests.subgraphs.support import data

    admin = analysis.person(roles=ADMIN)
    answer = await data(analysis.subgraph, query, admin.headers)
    counts = {each["activity"]: each["number"] for each in answer["platformAnalytics"]["counts"]}
    assert {name: number for name, number in counts.items() if number} == {
        "EVENT_PUBLISHED": 1,
        "POSTED": 1,
        "FOLLOWED": 1,
        "ORGANIZATION_CREATED": 1,
        "ACCOUNT_DELETED": 1,
        "PAID": 1,
        "VIEW": 1,
        "VISITOR": 1,
    }
    assert await code(analysis.subgraph, query, analysis.person().headers) == "FORBIDDEN"
    assert await code(analysis.subgraph, query) == "UNAUTHENTICATED"


async def state_of(_event: object) -> dict[str, object]:
    return {
        "tenant_id": None,
        "host_id": str(uuid4()),
        "is_public": True,
        "starts_at": NOON.isoformat(),
        "timezone": "UTC",
    }


@pytest.mark.parametrize("events", [1, 20])
async def test_statements_do_not_grow_with_events(analysis: Analysis, events: int) -> None:
    from subgraphs.kit.subgraph import Subgraph
    from tests.subgraphs.support import build_over, data
    from tests.support.postgres import sent_statements

    host = analysis.person()
    ids = [await analysis.event(host.id) for _ in range(events)]
    watched: Subgraph = build_over(analysis.database, "analytics", analysis.config)
    represented = [{"__typename": "Event", "id": str(each)} for each in ids]
    with sent_statements(analysis.database) as sent:
        answer = await data(watched, ASK, host.headers, r=represented, **around(NOON))
    assert all(each["analytics"] is not None for each in answer["_entities"])
    assert len([statement for statement, _ in sent if "rollups" in statement]) == 2
