"""Operations that are too large: what is counted, each limit's code, and bombs."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, get_introspection_query, parse

from router.config import LimitsConfig, RouterConfig
from router.limits.count import Counts, count
from tests.support.federation import posts, router, users


def counted(text: str) -> Counts:
    definitions = parse(text).definitions
    fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
    (operation,) = (d for d in definitions if isinstance(d, OperationDefinitionNode))
    return count(operation, fragments)


COUNTS = [
    ("{ a }", Counts(1, 1, 0, 1)),
    ("{ a a a }", Counts(1, 1, 0, 1)),
    ("{ a b { c { d } } }", Counts(3, 4, 0, 2)),
    ("{ x: a y: a a x: a }", Counts(1, 1, 3, 3)),
    ("{ a { x: b } a { y: b { c } } }", Counts(3, 4, 2, 1)),
    ("{ a @skip(if: true) @include(if: true) b }", Counts(1, 2, 0, 2, 2)),
    ("query @x { a { ... @y { b } } }", Counts(2, 2, 0, 1, 2, 1)),
    ("{ ...F a { ...F } } fragment F on Q { b { c } }", Counts(3, 5, 0, 2, 0, 2)),
    ("{ ...F } fragment F on Q { x: a ...G } fragment G on Q { y: a }", Counts(1, 2, 2, 2, 0, 2)),
    ("{ __schema { types { name } } a }", Counts(1, 1, 0, 1)),
    ("{ __typename a { __typename } }", Counts(2, 3, 0, 2)),
]


@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_an_operation_is_counted_as_it_would_be_executed(text: str, expected: Counts) -> None:
    assert counted(text) == expected


def test_fragments_that_are_unknown_or_spread_in_circles_are_left_to_validation() -> None:
    assert counted("{ ...Nobody a }").height == 1
    assert counted("{ ...F } fragment F on Q { a ...G } fragment G on Q { b ...F }").height == 2


def bomb(levels: int) -> str:
    fragments = " ".join(
        f"fragment F{n} on User {{ a{n}: posts {{ author {{ ...F{n + 1} }} }} b{n}: posts {{ author "
        f"{{ ...F{n + 1} }} }} }}"
        for n in range(levels)
    )
    return f"{{ me {{ ...F0 }} }} {fragments} fragment F{levels} on User {{ name }}"


@pytest.mark.timeout(30)
def test_a_bomb_of_fragments_is_counted_without_being_expanded() -> None:
    assert counted(bomb(60)).aliases > 2**60


LIMITS = [
    ("{ me { posts { author { id } } } }", {"max_depth": 3}, "MAX_DEPTH_LIMIT"),
    ("{ me { id name } }", {"max_height": 2}, "MAX_HEIGHT_LIMIT"),
    ("{ me { a: name b: name } }", {"max_aliases": 1}, "MAX_ALIASES_LIMIT"),
    ("{ a: me { id } b: me { id } }", {"max_root_fields": 1}, "MAX_ROOT_FIELDS_LIMIT"),
    ("{ me @skip(if: true) @include(if: true) { id } }", {"max_directives": 1}, "MAX_DIRECTIVES_LIMIT"),
    ("{ me { ... { id } ... { id } } }", {"max_fragments": 1}, "MAX_FRAGMENTS_LIMIT"),
    ('{ find(by: {names: ["a", "b"]}) { id } }', {"max_list_items": 1}, "MAX_LIST_ITEMS_LIMIT"),
    ("{ me { id name } }", {"max_tokens": 6}, "MAX_TOKENS_LIMIT"),
]


def config(**limits: Any) -> RouterConfig:
    return RouterConfig(limits=LimitsConfig(**limits))


@pytest.mark.parametrize(("query", "limit", "code"), LIMITS)
async def test_what_is_beyond_a_limit_is_refused_with_its_own_code(
    query: str, limit: dict[str, int], code: str
) -> None:
    watched = users()
    async with router(config(**limit), users=watched) as routed:
        refused = await routed.execute({"query": query})
    assert [error["extensions"]["code"] for error in refused["errors"]] == [code]
    assert str(next(iter(limit.values()))) in refused["errors"][0]["message"]
    assert not watched.requests


@pytest.mark.parametrize(("query", "limit", "code"), LIMITS)
async def test_what_is_just_within_a_limit_is_run(query: str, limit: dict[str, int], code: str) -> None:
    ((name, value),) = limit.items()
    async with router(config(**{name: value + 4})) as routed:
        assert "errors" not in await routed.execute({"query": query})


async def test_everything_that_is_too_much_is_told_at_once() -> None:
    async with router(config(max_depth=1, max_aliases=1, max_root_fields=9)) as routed:
        refused = await routed.execute({"query": "{ a: me { b: id } }"})
    codes = [error["extensions"]["code"] for error in refused["errors"]]
    assert codes == ["MAX_DEPTH_LIMIT", "MAX_ALIASES_LIMIT"]


async def test_a_list_in_variables_is_limited_for_each_request() -> None:
    query = "query ($by: By!) { find(by: $by) { name } }"
    async with router(config(max_list_items=2)) as routed:
        fine = await routed.execute({"query": query, "variables": {"by": {"names": ["a", "b"]}}})
        refused = await routed.execute({"query": query, "variables": {"by": {"names": ["a"] * 3}}})
        unknown = await routed.execute({"query": query, "variables": {"by": {}, "more": [[1, 2, 3]]}})
    assert fine == {"data": {"find": {"name": "Ada"}}}
    for response in (refused, unknown):
        assert response["errors"][0]["extensions"]["code"] == "MAX_LIST_ITEMS_LIMIT"


async def test_warn_runs_the_operation_and_says_what_is_too_much(caplog: pytest.LogCaptureFixture) -> None:
    async with router(config(mode="warn", max_depth=1)) as routed:
        for _ in range(3):
            response = await routed.execute({"query": "query Deep { me { name } }"})
    assert response == {"data": {"me": {"name": "Ada"}}}
    assert caplog.text.count("MAX_DEPTH_LIMIT") == 1
    assert "Deep" in caplog.text


@pytest.mark.timeout(30)
async def test_a_bomb_is_refused_before_it_is_validated_or_planned() -> None:
    watched = posts()
    async with router(config(max_aliases=30), posts=watched) as routed:
        refused = await routed.execute({"query": bomb(60)})
    assert refused["errors"][0]["extensions"]["code"] == "MAX_ALIASES_LIMIT"
    assert not watched.requests


async def test_introspection_by_a_tool_is_within_the_limits_of_operations() -> None:
    limits = config(max_depth=3, max_height=5, max_aliases=1, max_root_fields=1)
    async with router(limits) as routed:
        assert "errors" not in await routed.execute({"query": get_introspection_query()})


async def test_the_operation_that_is_run_is_counted_and_not_those_beside_it() -> None:
    query = "query Small { me { name } } query Large { me { posts { author { name } } } }"
    async with router(config(max_depth=2)) as routed:
        small = await routed.execute({"query": query, "operationName": "Small"})
        large = await routed.execute({"query": query, "operationName": "Large"})
        neither = await routed.execute({"query": query, "operationName": "Other"})
    assert small == {"data": {"me": {"name": "Ada"}}}
    codes = [response["errors"][0]["extensions"]["code"] for response in (large, neither)]
    assert codes == ["MAX_DEPTH_LIMIT", "MAX_DEPTH_LIMIT"]
