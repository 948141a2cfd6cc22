"""Errors of validation name nothing of the schema to who may not see it."""

from __future__ import annotations

import pytest

from router.config import AuthorizationConfig, IntrospectionConfig, RouterConfig
from tests.support.federation import router
from tests.support.protected import protected

WRONG = [
    "{ mee { name } }",
    "{ me { nam } }",
    "{ user(idd: 1) { name } }",
    "{ user(id: 1, mood: BED) { id } }",
]


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize(
    "shown", [IntrospectionConfig(suggestions=False), IntrospectionConfig(enabled=False)]
)
async def test_suggestions_can_be_left_out_and_are_where_introspection_is_off(
    query: str, shown: IntrospectionConfig
) -> None:
    async with router() as open_, router(RouterConfig(introspection=shown)) as closed:
        suggested = (await open_.execute({"query": query}))["errors"][0]["message"]
        plain = (await closed.execute({"query": query}))["errors"][0]["message"]
    assert "Did you mean" in suggested
    assert "Did you mean" not in plain
    assert suggested.startswith(plain)


async def test_filtered_introspection_leaves_them_out() -> None:
    sdl = "type Query { a: Int  secret: Int @authenticated }"
    routed, _ = protected({"a": sdl}, {}, AuthorizationConfig(filter_introspection=True))
    async with routed:
        response = await routed.execute({"query": "{ secre }"})
    assert "secret" not in response["errors"][0]["message"]
