"""Messages are sentences: nothing of Python's in them, advice behind what it is about, every side shown."""

from __future__ import annotations

import pytest

from schema import CompositionFailure
from tests.schema.composition.support import composed, failures, link


def only(**subgraphs: str) -> CompositionFailure:
    (failure,) = failures(**subgraphs)
    return failure


def test_advice_on_a_misspelt_field_stands_behind_the_sentence_about_it() -> None:
    found = only(a='type Query { u: U } type U @key(fields: "wieght") { weight: Int }')
    assert found.message.endswith(
        '"U" has no field "wieght". Did you mean "weight"? '
        "If another subgraph resolves it, add it with @external."
    )


def test_a_link_without_a_url_says_so() -> None:
    assert (
        only(a=link() + "extend schema @link type Query { q: Int }").message
        == 'Subgraph "a": "@link" has no URL.'
    )


def test_an_enum_without_values_has_none() -> None:
    found = only(a="enum link__Purpose " + link() + "type Query { q: Int }")
    assert "but here with none." in found.message


def test_the_application_that_won_is_shown_as_it_would_be_written() -> None:
    def sdl(applied: str) -> str:
        return (
            link() + 'extend schema @link(url: "https://example.com/my/v1.0", import: ["@my"]) '
            '@composeDirective(name: "@my") directive @my(a: Int) on FIELD_DEFINITION '
            f"type Query {{ q: Int @shareable {applied} }}"
        )

    def hint(first: str, second: str) -> str:
        (found,) = composed(a=sdl(first), b=sdl(second)).hints
        return found.message

    assert hint("@my", "@my(a: 1)").endswith("the supergraph uses @my without arguments.")
    assert hint("@my(a: 1)", "@my").endswith("the supergraph uses @my(a: 1).")


def test_implementations_that_a_subgraph_lacks_are_named_with_who_has_them() -> None:
    found = only(
        a='type Query { m: M } interface M @key(fields: "id") { id: ID! } '
        'type Book implements M @key(fields: "id") { id: ID! }',
        b="interface M { id: ID! } type Film implements M { id: ID! } type Query { f: Film }",
    )
    assert found.message.endswith('but not all of its implementations: other subgraphs have "Film".')


@pytest.mark.parametrize(("argument", "shown"), [('x: Int = "a"', '"a"'), ("x: ID! = 1.5", "1.5")])
def test_a_default_that_does_not_fit_needs_no_article(argument: str, shown: str) -> None:
    found = only(a=f"type Query {{ q({argument}): Int }}")
    assert f'the default {shown} of "Query.q(x:)" does not fit its type' in found.message


def test_the_remedy_for_a_federation_1_schema_imports_all_it_uses() -> None:
    sdl = 'type Query { t: T } type T @key(fields: "id") { id: ID! a: Int @shareable }'
    (found,) = failures(minor=None, a=sdl)
    assert 'import: ["@key", "@shareable"]' in (found.remedy or "")


def test_an_enum_value_that_is_not_everywhere_is_shown_where_it_is() -> None:
    found = only(a="type Query { e(x: E): E }\nenum E { A\nB }", b="type Query { f: E }\nenum E { A }")
    assert [(place.subgraph, place.line) for place in found.locations][:2] == [("a", 4), ("b", 3)]


@pytest.mark.parametrize(
    ("having", "lacking"),
    [
        ("type Query { f(a: Int!): Int @shareable }", "type Query { f: Int @shareable }"),
        (
            "input I { a: Int! b: Int } type Query { q(i: I): Int }",
            "input I { b: Int } type Query { r(i: I): Int }",
        ),
    ],
)
def test_what_is_required_on_one_side_only_shows_both_sides(having: str, lacking: str) -> None:
    assert {place.subgraph for place in only(a=having, b=lacking).locations} == {"a", "b"}
