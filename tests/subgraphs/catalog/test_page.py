"""What the router does for an album's page, and from a person to the plays of the artists they manage."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from router.planner import QueryPlanner
from tests.subgraphs.mesh import SUPERGRAPH, Mesh, Person
from tests.subgraphs.school.test_profile import fetches
from tests.support.postgres import sent_statements

PAGE = Path(__file__).parents[3] / "docs" / "domains" / "catalog.md"
(MANAGED,) = re.findall(r"```graphql\n(query Managed.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
ALBUM = """query Page($id: ID!) { album(id: $id) {
    title status coverUrl durationSeconds viewerHasSaved reissueOf { title }
    artist { name isVerified monthlyListeners albums(first: 4) { nodes { title coverUrl } } }
    tracks { title trackNumber playCount viewerHasSaved stream { playlist } processing { status }
        genres { name } artists { role artist { name playCount } } } } }"""
NOW = datetime.now(UTC)
MONTH = f"{NOW - timedelta(minutes=2):%Y-%m}"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (ALBUM, [["catalog"], ["processing", "streaming"]]),
        (MANAGED, [["streaming", "users"], ["catalog"], ["streaming"]]),
    ],
    ids=["an album's page", "a person's artists and their plays"],
)
def test_each_service_is_asked_once_per_stage(operation: str, expected: list[list[str]]) -> None:
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(operation)
    stages: dict[int, list[str]] = {}
    for stage, service in fetches(plan.to_json()["node"]):
        stages.setdefault(stage, []).append(service)
    assert [sorted(stages[stage]) for stage in sorted(stages)] == expected


def test_the_page_shows_the_plan_of_its_operation() -> None:
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(MANAGED)
    assert f"```mermaid\n{plan.to_mermaid().strip()}\n```" in PAGE.read_text(encoding="utf-8")


async def test_one_operation_leads_from_a_person_over_their_artists_to_plays_and_payouts(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    song = await release(ada, "The Spaces")
    await listen(eve, song)
    await listen(ada, song)
    await mesh.run("users", GRANT, who=UUID(eve.id))
    asked = {"id": ada.id, "month": MONTH}
    seen = await ada.ask(MANAGED, **asked, payouts=False)
    artist = {"name": "The Spaces", "monthlyListeners": 2, "playCount": 2}
    albums = {"nodes": [{"title": "Debut", "tracks": [{"title": "Song", "playCount": 2}]}]}
    person = {"username": "ada", "managedArtists": {"nodes": [{**artist, "albums": albums}]}}
    assert seen == {"user": person}
    paid = {"artist": {"name": "The Spaces"}, "countedPlays": 2, "share": 1}
    whole = await (await mesh.log_in("eve")).ask(MANAGED, **asked, payouts=True)
    assert whole == {"user": person, "payouts": {"nodes": [paid]}}


async def test_many_artists_and_tracks_cost_as_many_statements_as_one(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    await listen(ada, await release(ada, "First"))
    one = await statements(mesh, ada)
    for number in range(4):
        await listen(ada, *[await release(ada, f"{number} {side}") for side in "AB"])
    assert await statements(mesh, ada) == one


GRANT = """INSERT INTO user_roles (user_id, role_id)
    SELECT :who, id FROM roles WHERE name = 'ROLE_ADMIN'"""


async def release(who: Person, name: str) -> str:
    """A track of an artist of theirs that is out; its id."""
    artist = (await who.act("createArtist", "artist { id }", name=name))["artist"]["id"]
    out = {"artistId": artist, "title": "Debut", "releaseDate": "2026-01-01"}
    album = (await who.act("createAlbum", "album { id }", **out, coverUrl=COVER))["album"]["id"]
    song = {"albumId": album, "title": "Song", "durationSeconds": 200, "trackNumber": 1}
    track = (await who.act("createTrack", "track { id }", **song))["track"]["id"]
    await who.mesh.settle()
    return str(track)


COVER = "https://x.example/a.webp"


async def listen(who: Person, *tracks: str) -> None:
    """A minute of each, one after the other, this month."""
    told: list[dict[str, Any]] = []
    for number, track in enumerate(tracks):
        started = NOW - timedelta(minutes=2 * (number + 1))
        play = {"clientId": str(uuid4()), "trackId": track, "startedAt": started.isoformat()}
        told.append({**play, "listenedSeconds": 60})
    done = await who.act("recordPlays", "plays { recorded }", plays=told)
    assert done["plays"]["recorded"] == len(tracks)


async def statements(mesh: Mesh, who: Person) -> dict[str, int]:
    """How many each service sends for the operation."""
    counts = {}
    for domain in ("users", "catalog", "streaming"):
        database = mesh.subgraphs[domain].ready.__self__  # type: ignore[attr-defined]
        with sent_statements(database) as sent:
            await who.ask(MANAGED, id=who.id, month=MONTH, payouts=False)
        counts[domain] = len(sent)
    return counts
