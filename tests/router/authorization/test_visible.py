"""Introspection that shows each caller only what they may use."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_client_schema, get_introspection_query, print_schema

from router.config import AuthorizationConfig
from tests.support.protected import caller, protected

SDL = """
"What can be asked."
type Query {
  me(how: How, in: In): User
  secret: Secret
  pets: [Pet!]
  found: Found
  level: Level @authenticated
  box: Box
}
type Mutation { wipe: Int @requiresScopes(scopes: [["admin"]]) }
type User { id: ID!  mail(format: String = "x"): String @authenticated }
type Secret @authenticated { plan: String }
interface Pet { name: String }
type Dog implements Pet { name: String  chip: Int @requiresScopes(scopes: [["admin"]]) }
union Found = User | Secret
type Box { inside: Inside }
type Inside { plan: Secret }
enum Level { LOW HIGH }
enum How { FAST SLOW }
input In { how: How = FAST, more: [In!] }
"""
ADMIN = {"scope": "admin"}


async def schema_for(headers: dict[str, str], **config: Any) -> str:
    router, _ = protected({"a": SDL}, {}, AuthorizationConfig(filter_introspection=True, **config))
    async with router:
        response = await router.execute({"query": get_introspection_query()}, headers)
    assert "errors" not in response
    return print_schema(build_client_schema(response["data"]))


async def test_an_anonymous_client_sees_what_anybody_may_use() -> None:
    shown = await schema_for({})
    assert "me(how: How, in: In): User" in shown
    assert "interface Pet" in shown
    assert "type Dog implements Pet" in shown
    assert "union Found = User" in shown
    assert "how: How = FAST" in shown
    for hidden in ("mail", "Secret", "Level", "wipe", "Mutation", "chip", "Box", "Inside"):
        assert hidden not in shown, hidden


async def test_who_may_use_everything_sees_everything() -> None:
    shown = await schema_for(caller(**ADMIN))
    for name in (
        'mail(format: String = "x")',
        "type Secret",
        "enum Level",
        "wipe: Int",
        "chip",
        "type Inside",
    ):
        assert name in shown


async def test_each_caller_sees_their_own_schema() -> None:
    router, _ = protected({"a": SDL}, {}, AuthorizationConfig(filter_introspection=True))
    query = {"query": '{ __type(name: "User") { fields { name } } }'}
    async with router:
        for headers, names in [({}, ["id"]), (caller(), ["id", "mail"]), ({}, ["id"])]:
            response = await router.execute(query, headers)
            assert [field["name"] for field in response["data"]["__type"]["fields"]] == names


async def test_it_is_off_unless_it_is_wanted() -> None:
    router, _ = protected({"a": SDL}, {})
    async with router:
        response = await router.execute({"query": '{ __type(name: "Secret") { name } }'})
    assert response == {"data": {"__type": {"name": "Secret"}}}


@pytest.mark.parametrize("on_denied", ["reject", "filter"])
async def test_asking_for_the_schema_is_never_denied_itself(on_denied: Any) -> None:
    assert "mail" not in await schema_for({}, on_denied=on_denied)
