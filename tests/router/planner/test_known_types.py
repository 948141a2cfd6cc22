"""Entities whose type the operation tells are not asked for its name."""

from __future__ import annotations

from router.plan import BatchFetch, Fetch, QueryPlan
from tests.support.planning import fetches, plan_of, requests

ROOMS = """
type Query { room: Room  spaces: [Space!]  here: Place }
interface Space { id: ID! }
type Room implements Space { id: ID!  owner: User  guest: User }
type Yard implements Space { id: ID!  owner: Dog  guest: User }
union Place = User | Dog
type User @key(fields: "id") { id: ID! }
type Dog @key(fields: "id") { id: ID! }
"""
NAMES = """
type User @key(fields: "id") { id: ID!  name: String }
type Dog @key(fields: "id") { id: ID!  name: String }
"""


def _plan(operation: str) -> QueryPlan:
    return plan_of({"rooms": ROOMS, "names": NAMES}, operation)


def _known(plan: QueryPlan) -> list[object]:
    """What the plan says of the objects at each path it asks about."""
    known: list[object] = []
    for node in requests(plan):
        if isinstance(node, BatchFetch):
            known += [part.known_types for part in node.entities]
        elif isinstance(node, Fetch) and node.requires:
            known.append(node.known_type)
    return known


def test_objects_of_one_object_type_are_not_asked_what_they_are() -> None:
    plan = _plan("{ room { owner { name } } }")
    assert fetches(plan)[0] == "rooms: {room{owner{id}}}"
    assert _known(plan) == ["User"]


def test_objects_under_a_type_condition_are_known_where_all_at_the_key_are_of_one_type() -> None:
    plan = _plan("{ spaces { ... on Room { guest { name } } ... on Yard { guest { id name } } } }")
    assert fetches(plan)[0] == "rooms: {spaces{__typename ...on Room{guest{id}}...on Yard{guest{id}}}}"
    assert _known(plan) == [("User", "User")]


def test_one_key_that_holds_objects_of_other_types_under_other_types_is_asked_what_they_are() -> None:
    plan = _plan("{ spaces { ... on Room { owner { name } } ... on Yard { owner { name } } } }")
    assert (
        fetches(plan)[0]
        == "rooms: {spaces{__typename ...on Room{owner{__typename id}}...on Yard{owner{__typename id}}}}"
    )
    assert "User" not in _known(plan)


def test_members_of_a_union_are_asked_what_they_are() -> None:
    plan = _plan("{ here { ... on User { name } ... on Dog { name } } }")
    assert fetches(plan)[0].startswith("rooms: {here{__typename")
    assert not any(_known(plan))


def test_what_a_client_asks_for_is_asked() -> None:
    plan = _plan("{ room { owner { __typename name } } }")
    assert fetches(plan)[0] == "rooms: {room{owner{__typename id}}}"


def test_objects_at_several_paths_of_one_request_are_known_apart() -> None:
    plan = _plan("{ room { owner { name } } here { ... on User { name } } }")
    (batch,) = [node for node in requests(plan) if isinstance(node, BatchFetch)]
    known: dict[object, str | None] = {}
    for part in batch.entities:
        known |= dict(zip(part.paths, part.known_types or (None,) * len(part.paths), strict=True))
    assert known == {("room", "owner"): "User", ("here",): None}


def test_a_plan_that_was_written_as_json_still_knows() -> None:
    plan = _plan("{ room { owner { name } } here { ... on User { name } } }")
    assert QueryPlan.from_json(plan.to_json()) == plan
