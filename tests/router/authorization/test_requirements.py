"""What a supergraph requires, read from it."""

from __future__ import annotations

import re

from router.authorization.requirements import Authenticated, Policies, Requirements, Scopes, requirements_of
from schema import SubgraphDefinition, Supergraph, compose
from tests.support.protected import composed


def read(sdl: str) -> Requirements:
    found = requirements_of(Supergraph.parse(sdl))
    assert found is not None
    return found


def names(*lists: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(one.split()) for one in lists)


def without(sdl: str, type_name: str, protection: str) -> str:
    """As a composer left it that does not write the requirements of implementations on their interface."""
    lines = sdl.split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith(f"interface {type_name}"))
    end = lines.index("}", start)
    changed = [line.replace(protection, "") for line in lines[start:end]]
    assert changed != lines[start:end]
    return "\n".join(lines[:start] + changed + lines[end:])


def test_a_supergraph_that_protects_nothing_has_no_requirements() -> None:
    assert requirements_of(Supergraph.parse(composed({"a": "type Query { a: Int }"}))) is None


def test_equal_requirements_are_one_bit() -> None:
    found = read(
        composed(
            {
                "a": """
                type Query {
                  a: Int @requiresScopes(scopes: [["x", "y"], ["z"]])
                  b: Int @requiresScopes(scopes: [["z"], ["y", "x"]])
                  c: T @authenticated
                  d: Int @policy(policies: [["p"]])
                }
                type T @authenticated { e: Int }
                """
            }
        )
    )
    assert set(found.all) == {Scopes(names("x y", "z")), Authenticated(), Policies(names("p"))}
    assert found.fields["Query", "a"] == found.fields["Query", "b"]
    assert found.fields["Query", "c"] == found.types["T"] == found.of_field("Query", "c", "T")
    assert ("T", "e") not in found.fields


def test_a_directive_under_another_name_is_the_same_directive() -> None:
    sdl = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
      {name: "@authenticated", as: "@loggedIn"}, {name: "@requiresScopes", as: "@needs"}])
    type Query { a: Int @loggedIn  b: Int @needs(scopes: [["x"]]) }
    """
    found = read(compose([SubgraphDefinition(name="a", url="http://a", sdl=sdl)]).supergraph_sdl)
    assert set(found.all) == {Authenticated(), Scopes(names("x"))}


def test_an_interface_requires_what_implementations_do_also_from_an_older_composer() -> None:
    sdl = composed(
        {
            "a": """
            type Query { i: I }
            interface I { a: Int }
            type T implements I { a: Int @authenticated }
            type U implements I @requiresScopes(scopes: [["x"]]) { a: Int }
            """
        }
    )
    older = without(without(sdl, "I", " @authenticated"), "I", ' @requiresScopes(scopes: [["x"]])')
    for text in (sdl, older):
        found = read(text)
        assert found.fields["I", "a"] == found.fields["T", "a"]
        assert found.types["I"] == found.types["U"]


def test_a_field_requires_what_its_requires_reads_also_from_an_older_composer() -> None:
    sdl = composed(
        {
            "a": """
            type Query { t: T }
            type T @key(fields: "id") { id: ID!  s: S }
            type S @shareable { secret: Int @authenticated }
            """,
            "b": """
            type T @key(fields: "id") {
              id: ID!
              s: S @external
              sum: Int @requires(fields: "s { secret }") @authenticated
            }
            type S @shareable { secret: Int @authenticated }
            """,
        }
    )
    older = sdl.replace('requires: "s { secret }") @authenticated', 'requires: "s { secret }")')
    assert older != sdl
    found = read(older)
    assert found.fields["T", "sum"] == found.fields["S", "secret"]
    assert ("T", "s") not in found.fields


def test_a_field_that_an_interface_object_brings_requires_what_it_reads_of_the_type_itself() -> None:
    sdl = composed(
        {
            "a": """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID!  a: Int }
            type T implements I @key(fields: "id") { id: ID!  a: Int @authenticated }
            type U implements I @key(fields: "id") { id: ID!  a: Int }
            """,
            "b": """
            type I @key(fields: "id") @interfaceObject {
              id: ID!
              a: Int @external
              sum: Int @requires(fields: "a") @authenticated
            }
            """,
        }
    )
    older = re.sub(r"( sum: Int)(.*) @authenticated( @join__field)?", r"\1\2\3", sdl)
    assert "sum: Int @join__field\n" in older
    found = read(older)
    assert found.fields["T", "sum"] == found.fields["I", "sum"] == found.fields["T", "a"]
    assert ("U", "sum") not in found.fields


def test_a_field_requires_what_its_context_reads_also_from_an_older_composer() -> None:
    sdl = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
      "@key", "@context", "@fromContext", "@authenticated"])
    type Query { t: T }
    type T @key(fields: "id") @context(name: "c") { id: ID!  p: String @authenticated  u: U }
    type U @key(fields: "id") { id: ID!  f(a: String @fromContext(field: "$c { p }")): Int @authenticated }
    """
    text = compose([SubgraphDefinition(name="a", url="http://a", sdl=sdl)]).supergraph_sdl
    older = text.replace('selection: " { p }"}]) @authenticated', 'selection: " { p }"}])')
    assert older != text
    assert read(older).fields["U", "f"] == read(older).fields["T", "p"]


def test_an_empty_list_of_alternatives_asks_for_nothing() -> None:
    found = read(composed({"a": "type Query { a: Int @requiresScopes(scopes: [])  b: Int @authenticated }"}))
    assert ("Query", "a") not in found.fields
