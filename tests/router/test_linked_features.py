"""What a supergraph links: what must be understood and is not keeps the router from starting."""

from __future__ import annotations

import pytest

from router import Router
from router.errors import SupergraphError
from schema import SubgraphDefinition, compose

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["{}"])'


def composed(directive: str, fields: str) -> str:
    sdl = f"{LINK.format(directive)} type Query {{ {fields} }}"
    return compose([SubgraphDefinition(name="a", url="http://a.invalid", sdl=sdl)]).supergraph_sdl


@pytest.mark.parametrize("name", ["authenticated", "requiresScopes", "policy"])
def test_a_protection_in_a_version_that_is_not_known_keeps_the_router_from_starting(name: str) -> None:
    text = composed(f"@{name}", "a: Int").replace(
        "for: EXECUTION)",
        f'for: EXECUTION)\n  @link(url: "https://specs.apollo.dev/{name}/v0.9", for: SECURITY)',
        1,
    )
    with pytest.raises(SupergraphError, match=f"{name}/v0.9 for SECURITY") as caught:
        Router(text)
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
