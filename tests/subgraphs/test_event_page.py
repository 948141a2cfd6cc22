"""The page of an event as one operation: what it answers, and what it asks of whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from router import Router
from router.planner import QueryPlanner
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import DOMAINS
from tests.subgraphs.mesh import SUPERGRAPH, Mesh, Person
from tests.subgraphs.school.test_profile import fetches
from tests.subgraphs.test_event_gallery import hang
from tests.subgraphs.test_post_media import upload

DOCS = Path(__file__).parents[2] / "docs" / "domains" / "events.md"
PAGE = """query EventPage($id: ID!) {
    event(id: $id) {
        title startsAt timezone category attendeeCount averageRating reviewCount
        host { displayName avatar { url } }
        images { altText media { url } }
        ticketTypes { name available price { formatted } }
        viewerRegistrations { status ticket { status } payment { status amount { formatted } } }
        attendees(first: 12) { edges { node { displayName } } }
        reviews(first: 5) { nodes { rating text reviewer { displayName } } }
        questions(first: 5) { nodes { question answer upvoteCount author { displayName } } }
        posts(first: 5) { nodes { content author { displayName } media { url } } }
        analytics { funnel { views registrations checkIns } }
    }
}"""
ENDED = """UPDATE events SET starts_at = now() - interval '25 h', ends_at = now() - interval '1 day',
    status = 'COMPLETED'"""


class Counted:
    """A subgraph over HTTP, and how often it is asked."""

    def __init__(self, name: str, subgraph: Subgraph, asked: Counter[str]) -> None:
        self.name, self.subgraph, self.asked = name, subgraph, asked

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked[self.name] += scope["type"] == "http"
        await self.subgraph.asgi(scope, receive, send)


def plan_of_page() -> list[tuple[int, str]]:
    """(stage, service) of every fetch."""
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(PAGE)
    return sorted(fetches(plan.to_json()["node"]))


def test_the_page_of_an_event_asks_nobody_twice_in_a_stage() -> None:
    asked = plan_of_page()
    assert len(asked) == len(set(asked)), asked
    stages = {stage: {service for at, service in asked if at == stage} for stage, _ in asked}
    assert stages == {
        0: {"events"},
        1: {"analytics", "posts", "tickets", "users"},
        2: {"media", "payments", "users"},
    }


def test_the_page_and_its_plan_are_in_the_docs() -> None:
    written = DOCS.read_text(encoding="utf-8")
    assert PAGE in written
    stages: dict[int, list[str]] = {}
    for stage, service in plan_of_page():
        stages.setdefault(stage, []).append(service)
    drawn = "\n".join(f"{stage + 1}  {', '.join(services)}" for stage, services in stages.items())
    assert f"```\n{drawn}\n```" in written, drawn


async def test_everything_of_an_event_is_on_its_page_and_costs_as_many_requests_as_its_plan_has(
    mesh: Mesh,
) -> None:
    ada, *others = [await mesh.sign_up(name) for name in ("ada", "grace", "eve", "ida")]
    event = await event_of(mesh, ada, others)
    asked: Counter[str] = Counter()
    subgraphs: dict[str, Any] = {name: Counted(name, mesh.subgraphs[name], asked) for name in DOMAINS}
    async with Router(SUPERGRAPH.read_text(encoding="utf-8"), subgraphs=subgraphs) as router:
        page = await replace(ada, mesh=replace(mesh, router=router)).ask(PAGE, id=event)
    assert asked == Counter(service for _, service in plan_of_page())
    shown = page["event"]
    assert shown["host"] == {"displayName": "ada", "avatar": None}
    assert (shown["averageRating"], shown["reviewCount"]) == (4.0, 3)
    assert [image["altText"] for image in shown["images"]] == ["A stage", None]
    assert all(image["media"]["url"].startswith("/media/") for image in shown["images"])
    assert shown["ticketTypes"] == [{"name": "Seat", "available": 8, "price": {"formatted": "12.50 EUR"}}]
    assert shown["viewerRegistrations"] == [
        {
            "status": "PENDING",
            "ticket": None,
            "payment": {"status": "DUE", "amount": {"formatted": "12.50 EUR"}},
        }
    ]
    said = {"grace", "eve", "ida"}
    assert {each["node"]["displayName"] for each in shown["attendees"]["edges"]} == said
    assert {each["reviewer"]["displayName"] for each in shown["reviews"]["nodes"]} == said
    assert {each["author"]["displayName"] for each in shown["questions"]["nodes"]} == said
    assert {each["author"]["displayName"] for each in shown["posts"]["nodes"]} == said
    assert all(each["media"][0]["url"].startswith("/media/") for each in shown["posts"]["nodes"])
    assert shown["analytics"] == {"funnel": {"views": 0, "registrations": 0, "checkIns": 0}}


async def event_of(mesh: Mesh, host: Person, others: list[Person]) -> str:
    """An event that is over, with everything that an event can have."""
    event = await host.publish()
    await mesh.settle()
    for words in ({"altText": "A stage"}, {}):
        await hang(host, event, await upload(mesh, host), **words)
    sold = {"name": "Seat", "quantity": 10, "priceMinor": 1250, "currency": "EUR"}
    kind = (await host.act("createTicketType", "ticketType { id }", eventId=event, **sold))["ticketType"]
    for who in (host, others[0]):
        await who.act("registerForEvent", "registration { id }", ticketTypeId=kind["id"])
    for who in others:
        await who.act("attendEvent", "event { id }", eventId=event)
        await who.act("askEventQuestion", "question { id }", eventId=event, question="When?")
        picture = await upload(mesh, who)
        await who.act("createPost", "post { id }", content="Look", eventId=event, mediaIds=[picture])
    await mesh.settle()
    async with writing(mesh.stores["events"].postgres, OFFICE) as session:
        await session.execute(text(ENDED))
    for who in others:
        await who.act("writeEventReview", "review { id }", eventId=event, rating=4)
    return event
