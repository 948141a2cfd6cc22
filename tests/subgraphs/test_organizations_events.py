"""Organizations and their events, across users and events."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from db.config import DomainStore
from db.postgres import connect
from tests.subgraphs.mesh import Mesh, Person
from tests.subgraphs.support import build_over, config_in, data
from tests.subgraphs.test_departures import found_organization
from tests.support.postgres import sent_statements

OF_ORGANIZATION = """query($slug: String!) { organization(slug: $slug) { name
    events { totalCount nodes { title status organization { slug name } } } } }"""


async def titles(asks: Any, slug: str = "ours") -> tuple[int, list[str]]:
    events = (await asks.ask(OF_ORGANIZATION, slug=slug))["organization"]["events"]
    return events["totalCount"], [node["title"] for node in events["nodes"]]


async def test_an_organizations_events_are_listed_and_each_names_it(mesh: Mesh) -> None:
    ada, bob = await mesh.sign_up("ada"), await mesh.sign_up("bob")
    acting = await found_organization(ada, "ours")
    await acting.publish("Second", days=2)
    await acting.publish("First", days=1)
    await bob.publish("Other")
    found = (await mesh.ask(OF_ORGANIZATION, None, slug="ours"))["organization"]
    ours = {"slug": "ours", "name": "Ours"}
    assert found["events"] == {
        "totalCount": 2,
        "nodes": [
            {"title": "First", "status": "PUBLISHED", "organization": ours},
            {"title": "Second", "status": "PUBLISHED", "organization": ours},
        ],
    }
    own = await mesh.ask("{ events { nodes { title organization { slug } } } }")
    assert {"title": "Other", "organization": None} in own["events"]["nodes"]


async def test_its_drafts_are_for_who_acts_for_it(mesh: Mesh) -> None:
    ada, eve, bob = [await mesh.sign_up(name) for name in ("ada", "eve", "bob")]
    acting = await found_organization(ada, "ours")
    elsewhere = await found_organization(eve, "theirs")
    await acting.publish("Concert")
    await acting.publish("Draft", days=2, isDraft=True)
    assert await titles(acting) == (2, ["Concert", "Draft"])
    for who in (mesh, bob, elsewhere):
        assert await titles(who) == (1, ["Concert"])
    alone = await acting.act("switchOrganization", "access { accessToken }")
    for_herself = Person(mesh, ada.id, alone["access"]["accessToken"])
    assert await titles(for_herself) == (1, ["Concert"]), "the organization's, and not its host's"


async def test_fifty_organizations_cost_as_many_statements_as_two(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    database, config = connect(stores["events"]), config_in(tmp_path)
    subgraph = build_over(database, "events", config)
    query = """query($r: [_Any!]!) { _entities(representations: $r) { ... on Organization {
        events { totalCount nodes { title organization { id } venue { name } } } } } }"""
    counts = {}
    for number in (2, 50):
        ours = [{"__typename": "Organization", "id": str(UUID(int=n + 1))} for n in range(number)]
        with sent_statements(database) as sent:
            found = await data(subgraph, query, r=ours)
        assert [each["events"]["totalCount"] for each in found["_entities"]] == [0] * number
        counts[number] = len(sent)
    await database.close()
    assert counts == {2: 2, 50: 2}
