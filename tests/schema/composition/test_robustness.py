"""Any text gives a supergraph or errors: never a traceback, never a hang; and always the same."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema import CompositionError, SubgraphDefinition, compose
from schema.language.tokens import tokenize
from tests.schema.composition.support import codes, composed, definitions, failures
from tests.support.work import calls

CORPUS = Path(__file__).parents[4] / "shared" / "conformance" / "composition.jsonl"
Q = "type Query { a: Int }"


def attempt(subgraphs: list[SubgraphDefinition]) -> str:
    """The supergraph, or the errors, as text."""
    try:
        composition = compose(subgraphs)
    except CompositionError as error:
        return str(error)
    return composition.supergraph_sdl + composition.api_schema_sdl


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    attempt([SubgraphDefinition("a", "", text), SubgraphDefinition("b", "", Q)])


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_mutated_subgraphs_are_answered(rng: random.Random) -> None:
    sdl = definitions(
        a='type Query { u: User @provides(fields: "n") i: I } interface I @key(fields: "id") { id: ID! } '
        'type User implements I @key(fields: "id") { id: ID! n: Int @external m: [E!] @cost(weight: 3) } '
        'enum E { A B @inaccessible } input J { x: Int = 1 } union P = User scalar S @tag(name: "t") '
        'type X @key(fields: "k") @context(name: "c") { k: ID! f(v: Int @fromContext(field: "$c { k }")): P }'
    )[0].sdl
    tokens = tokenize(sdl)[:-1]
    for _ in range(rng.randint(1, 6)):
        place, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
        match rng.randrange(4):
            case 0:
                del tokens[place]
            case 1:
                tokens[place] = tokens[other]
            case 2:
                tokens.insert(place, tokens[other])
            case _:
                tokens[place], tokens[other] = tokens[other], tokens[place]
    attempt(
        [
            SubgraphDefinition("a", "", " ".join(tokens)),
            *definitions(b='type User @key(fields: "id") { id: ID! n: Int }'),
        ]
    )


@pytest.mark.skipif(not CORPUS.exists(), reason="needs ../shared/conformance, which is missing")
def test_mutated_corpus_cases_are_answered() -> None:
    rng = random.Random(7)
    cases = [json.loads(line)["subgraphs"] for line in CORPUS.read_text().splitlines()]
    for case in rng.sample(cases, 400):
        subgraphs = [[subgraph["name"], tokenize(subgraph["sdl"])[:-1]] for subgraph in case]
        tokens = rng.choice(subgraphs)[1]
        for _ in range(rng.randint(1, 3)):
            tokens[rng.randrange(len(tokens))] = rng.choice(tokens)
        attempt([SubgraphDefinition(name, "", " ".join(words)) for name, words in subgraphs])


@pytest.mark.parametrize(
    "sdl",
    [
        f"type Query {{ a: {'[' * 3000}Int{']' * 3000} }}",
        f'type Query @key(fields: "{"a { " * 3000}b{" }" * 3000}") {{ a: Query b: Int }}',
        f"type Query {{ a(x: S = {'[' * 3000}{']' * 3000}): Int }} scalar S",
        'type Query { a: Int } """',
        "type Query { a: Int } \x00",
        'type Query { a: Int @deprecated(reason: "\ud800") }',
        f"type Query {{ a(x: Float = {'9' * 5000}): Int }}",
    ],
)
def test_hostile_texts_are_refused(sdl: str) -> None:
    assert codes(a=sdl) in (["INVALID_GRAPHQL"], ["KEY_INVALID_FIELDS"])


def test_long_chains_of_types_are_not_deep() -> None:
    length = 3000
    inputs = " ".join(f"input I{n} {{ next: I{n + 1}! }}" for n in range(length))
    types = " ".join(f"type T{n} {{ next: T{n + 1} }}" for n in range(length))
    roots = "type Query { t: T0 f(i: I0): Int }"
    sdl = f"{roots} {types} type T{length} {{ n: Int }} {inputs} input I{length} {{ n: Int }}"
    assert composed(a=sdl).supergraph_sdl


def test_an_endless_input_type_is_refused() -> None:
    (failure,) = failures(a="type Query { f(a: A): Int } input A { b: B! } input B { a: A! }")
    assert '"b.a"' in failure.message
    assert len(failure.locations) == 2


def wide(types: int) -> str:
    """A schema of so many entities, in a ring."""
    entities = "\n".join(
        f'type T{n} @key(fields: "id") {{ id: ID! a: Int b(x: Int = 1): [String!]! '
        f"next: T{(n + 1) % types} }}"
        for n in range(types)
    )
    return f"type Query {{ t: T0 }} {entities}"


def test_composing_takes_work_in_proportion_to_the_text() -> None:
    small, large = (definitions(a=wide(types)) for types in (100, 200))
    compose(small)
    assert calls(lambda: compose(large)) < 2.1 * calls(lambda: compose(small))


def test_megabytes_compose() -> None:
    sdl = f'"""{"x" * 500_000}""" {wide(8000)}'
    assert len(sdl) > 1_000_000
    assert composed(a=sdl).supergraph_sdl


def test_an_interface_takes_work_in_proportion_to_its_implementations() -> None:
    def subgraphs(implementations: int) -> list[SubgraphDefinition]:
        types = "".join(
            f'type T{i} implements I @key(fields: "id") {{ id: ID! next: I @shareable }}'
            for i in range(implementations)
        )
        sdl = f"type Query {{ i: I @shareable }} interface I {{ id: ID! }} {types}"
        return definitions(a=sdl, b=sdl, c=sdl, d=sdl)

    small, large = subgraphs(60), subgraphs(120)
    compose(small)
    assert calls(lambda: compose(large)) < 2.1 * calls(lambda: compose(small))


def test_the_order_of_subgraphs_changes_nothing() -> None:
    subgraphs = definitions(
        b='type Query { b: Int } "one" type T @shareable @tag(name: "x") { n: Int! }',
        a='type Query { t: T } "two" type T @shareable @tag(name: "y") { n: Int }',
        c="enum E { A B }",
    )
    expected = compose(subgraphs)
    for order in ([2, 0, 1], [1, 2, 0], [2, 1, 0]):
        again = compose([subgraphs[number] for number in order])
        assert again.supergraph_sdl == expected.supergraph_sdl
        assert again.api_schema_sdl == expected.api_schema_sdl
        assert again.hints == expected.hints


def test_all_errors_are_reported_at_once_with_their_places() -> None:
    found = failures(
        a='type Query { a: Nope }\ntype T @key(fields: "x") { id: ID! }',
        b='type Query { b: Int }\ntype T @key(fields: "y") @shareable @shareable { id: ID! n: Int '
        "@external }",
    )
    assert [
        (failure.code, failure.locations[0].subgraph, failure.locations[0].line) for failure in found
    ] == [
        ("INVALID_GRAPHQL", "a", 2),
        ("KEY_INVALID_FIELDS", "b", 3),
        ("EXTERNAL_UNUSED", "b", 3),
        ("INVALID_SHAREABLE_USAGE", "b", 3),
    ]


def test_names_of_subgraphs_are_checked() -> None:
    twice = [SubgraphDefinition("a", "", Q), SubgraphDefinition("a", "", "type Query { b: Int }")]
    for subgraphs in (twice, [SubgraphDefinition("", "", Q)], [SubgraphDefinition("_", "", Q)]):
        with pytest.raises(CompositionError) as raised:
            compose(subgraphs)
        assert [error.code for error in raised.value.errors] == ["INVALID_SUBGRAPH_NAME"]


def test_nothing_composes_to_nothing() -> None:
    with pytest.raises(CompositionError, match="no subgraphs"):
        compose([])
