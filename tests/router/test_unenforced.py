"""What a supergraph links: protections keep the router from starting, what changes no answer does not."""

from __future__ import annotations

import pytest

from router import Router
from router.errors import SupergraphError
from schema import SubgraphDefinition, compose

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["{}"])'


def composed(directive: str, fields: str) -> str:
    sdl = f"{LINK.format(directive)} type Query {{ {fields} }}"
    return compose([SubgraphDefinition(name="a", url="http://a.invalid", sdl=sdl)]).supergraph_sdl


@pytest.mark.parametrize(
    ("directive", "applied"),
    [
        ("@authenticated", "@authenticated"),
        ("@requiresScopes", '@requiresScopes(scopes: [["read"]])'),
        ("@policy", '@policy(policies: [["adult"]])'),
    ],
)
def test_a_protection_that_is_not_enforced_keeps_the_router_from_starting(
    directive: str, applied: str
) -> None:
    with pytest.raises(SupergraphError, match=f"{directive}, which this router does not enforce") as caught:
        Router(composed(directive, f"a: Int {applied}"))
    assert caught.value.code == "UNSUPPORTED_LINKED_FEATURE"


@pytest.mark.parametrize(
    ("directive", "fields"),
    [
        ("@cacheTag", 'a: Int @cacheTag(format: "all")'),
        ("@tag", 'a: Int @tag(name: "x")'),
        ("@cost", "a: Int @cost(weight: 3)"),
        ("@listSize", "a: [Int] @listSize(assumedSize: 3)"),
    ],
)
async def test_a_link_that_changes_no_answer_is_accepted(directive: str, fields: str) -> None:
    async with Router(composed(directive, fields)) as routed:
        assert await routed.execute({"query": "{ __typename }"}) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("name", ["tag/v0.3", "cost/v0.1", "listSize/v0.1", "cacheTag/v0.1"])
def test_it_is_accepted_for_execution_as_well(name: str) -> None:
    text = composed("@key", "a: Int").replace(
        "for: EXECUTION)",
        f'for: EXECUTION)\n  @link(url: "https://specs.apollo.dev/{name}", for: EXECUTION)',
        1,
    )
    assert name in text
    Router(text)


def test_an_unknown_link_for_execution_is_refused() -> None:
    text = composed("@key", "a: Int").replace(
        "for: EXECUTION)",
        'for: EXECUTION)\n  @link(url: "https://specs.apollo.dev/warp/v0.1", for: EXECUTION)',
        1,
    )
    with pytest.raises(SupergraphError, match="warp"):
        Router(text)
