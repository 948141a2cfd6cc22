"""The fast way of projecting and the careful one agree on every answer the fast one gives."""

from __future__ import annotations

from typing import Any

import msgspec
from graphql import build_schema, get_operation_ast, parse
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from router.executor.projection.complete import Completion
from router.executor.projection.shape import build_shape
from router.executor.projection.structs import MISFITS, struct_projection

SCHEMA = build_schema(
    """
    type Query { a: A  as: [A!]!  n: N  ns: [N]  u: U! }
    interface N { id: ID!  s: String }
    type A implements N { id: ID! s: String i: Int f: Float! b: Boolean e: E any: Any! deep: [[Int!]] n: N }
    type B implements N { id: ID!  s: String!  a: A! }
    union U = A | B
    enum E { X Y }
    scalar Any
    """
)
OPERATION = get_operation_ast(
    parse(
        """
        query($on: Boolean!) {
          a { id s i f b e any deep kind: __typename n { id s } }
          as { i @include(if: $on) n { __typename ... on B { a { id } } } }
          n { ... on A { f } ... on B { s } id }
          ns { s }
          u { ... on N { id } ... on A { e } __typename }
        }
        """
    )
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["X", "Y", "Z", "A", "B", "N", ""]),
)


def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mostly well formed, so that the fast way is taken often enough."""
    leaf = {
        "__typename": st.sampled_from(["A", "A", "B", "B", "N", "C", None]),
        "id": st.sampled_from(["1", "2", 3]),
        "s": st.sampled_from(["s", "s", "t", None]),
        "i": st.sampled_from([1, 2**31, None]),
        "f": st.sampled_from([1, 1.5]),
        "b": st.sampled_from([True, None]),
        "e": st.sampled_from(["X", "Y", None]),
        "any": st.sampled_from([0, "x", [1], {"k": None}, True]),
        "deep": st.sampled_from([[[1], [2, 3]], [], None, [None]]),
    }
    nested = {"n": values, "a": values}
    return st.fixed_dictionaries(leaf, optional={**nested, "x": LEAVES}).flatmap(
        lambda found: st.one_of(
            st.just(found),
            st.just(found),
            st.sampled_from(sorted(found)).map(lambda key: {k: v for k, v in found.items() if k != key}),
            st.tuples(st.sampled_from(sorted(found)), LEAVES).map(lambda change: found | dict([change])),
        )
    )


OBJECTS = st.recursive(st.none() | objects(st.none()), objects, max_leaves=4)
DATA = st.fixed_dictionaries(
    {
        "a": OBJECTS,
        "as": st.lists(OBJECTS, max_size=3),
        "n": OBJECTS,
        "ns": st.none() | st.lists(OBJECTS, max_size=3),
        "u": OBJECTS,
    }
)
SHAPES = {on: build_shape(SCHEMA, OPERATION, {}, {"on": on}) for on in (True, False)}  # type: ignore[arg-type]
PROJECTIONS = {on: struct_projection(shape) for on, shape in SHAPES.items()}


SOUND_A: st.SearchStrategy[Any] = st.deferred(
    lambda: st.fixed_dictionaries(
        {
            "__typename": st.just("A"),
            "id": st.sampled_from(["1", "2"]),
            "s": st.sampled_from(["s", "t", None]),
            "i": st.sampled_from([1, -7, None]),
            "f": st.sampled_from([1, 1.5]),
            "b": st.sampled_from([True, False, None]),
            "e": st.sampled_from(["X", "Y", None]),
            "any": st.sampled_from([0, "x", [1], {"k": None}, True]),
            "deep": st.sampled_from([[[1], [2, 3]], [], None, [None]]),
            "n": SOUND_N,
        }
    )
)
SOUND_B: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"__typename": st.just("B"), "id": st.just("3"), "s": st.sampled_from(["s", ""]), "a": SOUND_A}
)
SOUND_N: st.SearchStrategy[Any] = st.none() | SOUND_A | SOUND_B
SOUND = st.fixed_dictionaries(
    {
        "a": st.none() | SOUND_A,
        "as": st.lists(SOUND_A, max_size=3),
        "n": SOUND_N,
        "ns": st.none() | st.lists(SOUND_N, max_size=3),
        "u": SOUND_A | SOUND_B,
    }
)
"""What fits, so that the fast way answers; of `DATA` it refuses most."""


@settings(max_examples=400, deadline=None)
@given(SOUND | DATA, st.booleans())
def test_the_fast_answer_is_the_careful_answer(data: dict[str, Any], on: bool) -> None:
    completion = Completion()
    careful = completion.root(SHAPES[on], data)
    try:
        fast = msgspec.to_builtins(PROJECTIONS[on](data))
    except MISFITS:
        reject()
    assert fast == careful
    assert msgspec.json.encode(fast) == msgspec.json.encode(careful)
    assert completion.errors == []


def test_data_that_fits_takes_the_fast_way() -> None:
    a = {
        "__typename": "A",
        "id": "1",
        "s": None,
        "i": 1,
        "f": 1,
        "b": True,
        "e": "X",
        "any": [1],
        "deep": None,
    }
    nested = {**a, "n": {"__typename": "B", "s": "s", "id": "2", "a": a}}
    data = {"a": nested, "as": [nested], "n": nested, "ns": [None, a], "u": a, "unasked": 1}
    completion = Completion()
    assert msgspec.to_builtins(PROJECTIONS[True](data)) == completion.root(SHAPES[True], data)
    assert completion.errors == []
