"""What the router does for an album's page, and from a person to the plays of the artists they manage."""

from __future__ import annotations

import pytest

from router.planner import QueryPlanner
from tests.subgraphs.mesh import SUPERGRAPH
from tests.subgraphs.school.test_profile import fetches

ALBUM = """query Page($id: ID!) { album(id: $id) {
    title status coverUrl durationSeconds viewerHasSaved reissueOf { title }
    artist { name isVerified monthlyListeners albums(first: 4) { nodes { title coverUrl } } }
    tracks { title trackNumber playCount viewerHasSaved stream { playlist } processing { status }
        genres { name } artists { role artist { name playCount } } } } }"""
MANAGED = """query Managed($id: ID!) { user(id: $id) { username managedArtists { nodes { name playCount
    tracks { nodes { title playCount } } } } } }"""


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (ALBUM, [["catalog"], ["processing", "streaming"]]),
        (MANAGED, [["users"], ["catalog"], ["streaming"]]),
    ],
    ids=["an album's page", "a person's artists and their plays"],
)
def test_each_service_is_asked_once_per_stage(operation: str, expected: list[list[str]]) -> None:
    plan = QueryPlanner(SUPERGRAPH.read_text(encoding="utf-8")).plan(operation)
    stages: dict[int, list[str]] = {}
    for stage, service in fetches(plan.to_json()["node"]):
        stages.setdefault(stage, []).append(service)
    assert [sorted(stages[stage]) for stage in sorted(stages)] == expected
