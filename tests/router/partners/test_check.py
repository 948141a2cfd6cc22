"""Publishing tells each element of the schema that a contract hides, and agrees with what a router runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.app import Router
from router.partners.check import ContractCheck
from router.partners.partner import PartnerContract
from router.persisted.manifest import PersistedOperation
from router.planner import QueryPlanner
from schema import SubgraphDefinition, compose
from tests.support.federation import Subgraph
from tests.support.partners import EXCLUDED, add_partner, config, serving, store

SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@tag", "@shareable"])
type Query {
  find(by: By, mood: Mood, secret: String @tag(name: "internal"), list: [[By]]): [Node]
  hidden: Hidden @tag(name: "internal")
  plain: String
  tree: Tree
}
interface Node { id: ID! note: String @tag(name: "internal") }
type User implements Node { id: ID! note: String name: String }
type Hidden implements Node @tag(name: "internal") { id: ID! note: String }
type Tree { left: Tree right: Tree @tag(name: "internal") leaf: String }
input By { id: ID name: String @tag(name: "internal") and: By }
enum Mood { GOOD BAD @tag(name: "internal") }
"""
SUPERGRAPH = compose([SubgraphDefinition(name="app", url="http://app.invalid", sdl=SDL)]).supergraph_sdl
PLANNER = QueryPlanner(SUPERGRAPH)
CHECK = ContractCheck(PLANNER, EXCLUDED)
HIDDEN = {
    "{ find(secret: 1) { id } }": None,
    '{ find(secret: "s") { id } }': ["Query.find(secret:)"],
    "{ find { note } }": ["Node.note"],
    "{ find { ... on User { note } } }": [],
    "{ hidden { id note } }": ["Query.hidden"],
    "{ find { ... on Hidden { id } } }": ["Hidden"],
    "{ find { ...F } } fragment F on Hidden { id }": ["Hidden"],
    '{ find(by: {name: "n"}) { id } }': ["By.name"],
    '{ find(by: {and: {and: {name: "n", id: 1}}}) { id } }': ["By.name"],
    '{ find(list: [[{name: "n"}], null]) { id } }': ["By.name"],
    "{ find(mood: BAD) { id } }": ["Mood.BAD"],
    "query($mood: Mood = BAD) { find(mood: $mood) { id } }": ["Mood.BAD"],
    'query($by: By = {name: "n"}) { find(by: $by) { id } }': ["By.name"],
    "{ tree { left { left { right { leaf } } } } }": ["Tree.right"],
    "{ a: tree { right { leaf } } b: tree { right { right { leaf } } } }": ["Tree.right"],
    "{ plain @include(if: true) __typename }": [],
    "{ __schema { types { name } } find { __typename id } }": [],
    "query($by: By, $mood: Mood) { find(by: $by, mood: $mood) { id ... on User { name } } }": [],
    "{ nope }": None,
}


def published(text: str) -> list[PersistedOperation]:
    return [PersistedOperation("id", text)]


@pytest.mark.parametrize("text", HIDDEN)
def test_each_hidden_element_is_told_once_by_its_coordinate(text: str) -> None:
    faults = list(CHECK.faults(published(text)))
    expected = HIDDEN[text]
    if expected is None:
        assert {fault.code for fault in faults} == {"GRAPHQL_VALIDATION_FAILED"}
        return
    told = [fault.message.split(" hides ")[-1].rstrip(".") for fault in faults]
    assert told == expected
    assert all(fault.code == "PARTNER_FIELD_HIDDEN" and fault.line == 1 for fault in faults)


async def test_a_router_refuses_what_publishing_refuses_and_nothing_else(tmp_path: Path) -> None:
    texts = {f"op-{number}": text for number, text in enumerate(HIDDEN)}
    key = add_partner(store(tmp_path), texts=texts)
    app = Subgraph({"find": [], "hidden": None, "plain": "p", "tree": None})
    made = Router(SUPERGRAPH, {"app": app}, config=config(tmp_path))
    async with serving(made) as http:
        for id_, text in texts.items():
            answer = await http.post("/graphql", json={"documentId": id_}, headers={"x-api-key": key})
            is_refused = "errors" in answer.json() and "data" not in answer.json()
            assert is_refused == bool(list(CHECK.faults(published(text)))), (text, answer.text)


def test_without_a_contract_only_what_does_not_fit_is_refused() -> None:
    everything = ContractCheck(PLANNER, PartnerContract())
    for text, expected in HIDDEN.items():
        assert bool(list(everything.faults(published(text)))) == (expected is None), text
