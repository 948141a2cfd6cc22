"""How long an answer of several subgraphs may be kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.pipeline.cache_control import Lifetime, lifetime, merged

CASES: list[tuple[list[str], str]] = [
    (["max-age=60"], "max-age=60"),
    (["max-age=60", "max-age=10"], "max-age=10"),
    (["max-age=60, public", "max-age=10, public"], "max-age=10, public"),
    (["max-age=60, public", "max-age=10"], "max-age=10"),
    (["max-age=60, public", "max-age=90, private"], "max-age=60, private"),
    (["max-age=60", "no-store"], "no-store"),
    (["max-age=60", "max-age=0"], "no-store"),
    (["max-age=60", "public"], "no-store"),
    (["max-age=60, s-maxage=600", "max-age=60"], "max-age=60"),
    (["max-age=60, s-maxage=600", "max-age=60, s-maxage=90"], "max-age=60, s-maxage=90"),
    (["max-age=0, s-maxage=600"], "max-age=0, s-maxage=600"),
    (["max-age=0, s-maxage=600, private"], "no-store"),
    (["max-age=60, no-cache", "max-age=90"], "max-age=60, no-cache"),
    (["no-cache", "max-age=90"], "max-age=0, no-cache"),
    (["max-age=60, must-revalidate", "max-age=90"], "max-age=60, must-revalidate"),
    (['private="set-cookie", max-age=5', "MAX-AGE=9"], "max-age=5, private"),
    (['max-age="30"'], "max-age=30"),
    (["max-age=-1"], "no-store"),
    (["max-age=1e9"], "no-store"),
    (["max-age=99999999999999999999"], "max-age=31536000"),
    (["max-age=٣"], "no-store"),
    ([";;;,=,=="], "no-store"),
]


@pytest.mark.parametrize(("said", "told"), CASES, ids=[" | ".join(said) for said, _ in CASES])
def test_the_most_restrictive_counts(said: list[str], told: str) -> None:
    received = [{"cache-control": each} for each in said]
    assert merged(received, len(said)) == merged(received[::-1], len(said)) == told


def test_an_answer_that_says_nothing_makes_the_whole_one_that_is_not_kept() -> None:
    assert merged([{"cache-control": "max-age=60"}], 2) == "no-store"
    assert merged([{"cache-control": "max-age=60"}, {"age": "3"}], 2) == "no-store"


def test_where_no_subgraph_says_anything_there_is_nothing_to_merge() -> None:
    assert merged([], 2) is None


@pytest.mark.parametrize(
    ("age", "told"), [("20", "max-age=40"), ("60", "no-store"), ("90", "no-store"), ("x", "max-age=60")]
)
def test_time_that_an_answer_spent_in_a_cache_is_over(age: str, told: str) -> None:
    assert merged([{"cache-control": "max-age=60", "age": age}], 1) == told


lifetimes = st.builds(
    Lifetime,
    st.integers(0, 100),
    st.integers(0, 100),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(lifetimes, lifetimes)
def test_a_merged_lifetime_allows_nothing_that_one_of_its_parts_does_not(a: Lifetime, b: Lifetime) -> None:
    both = lifetime(a.restricted_by(b).header())
    if both is not None:
        assert both.own <= min(a.own, b.own)
        assert both.is_private or both.shared <= min(a.shared, b.shared)
        assert both.is_private == (a.is_private or b.is_private)
        assert both.asks_again == (a.asks_again or b.asks_again)
        assert not both.is_public or (a.is_public and b.is_public)
