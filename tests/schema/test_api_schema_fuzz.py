"""Any text gives an API schema or errors with codes, whatever is done to it; so does any contract."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from schema.api_schema import api_schema, api_schema_sdl, read_supergraph_schema
from schema.contract import Contract, apply_contract
from schema.report.errors import CompositionError

SUPERGRAPH = '''
  schema
    @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
    @link(url: "https://specs.apollo.dev/tag/v0.3")
    @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  { query: Query mutation: Mutation }
  directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
  directive @join__type(graph: join__Graph!, key: String) repeatable on OBJECT | INTERFACE | UNION | ENUM
  directive @tag(name: String!) repeatable
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | ENUM_VALUE
  directive @log(level: Int = 1, by: By = { state: ON }) repeatable on FIELD | QUERY
  scalar link__Import
  enum link__Purpose { SECURITY EXECUTION }
  enum join__Graph { A B }
  """ A description """
  type Query @join__type(graph: A) { user(id: ID! = "7"): User @tag(name: "a"), all(by: [By!] = []): [Found] }
  type Mutation { change(by: By @inaccessible): User @deprecated(reason: "x") }
  interface Node @tag(name: "b") { id: ID! }
  type User implements Node @join__type(graph: A, key: "id") {
    id: ID! @tag(name: "a")
    secret: Int @inaccessible
  }
  type Post implements Node { id: ID!, at: Date }
  union Found = User | Post
  enum State { ON OFF @inaccessible }
  input By @oneOf { state: State, near: [Float!] }
  scalar Date @specifiedBy(url: "https://example.com")
  extend type Query { extended: Int }
'''
TOKENS = SUPERGRAPH.split()
REPLACEMENTS = [
    *'{}()[]!:|&@=$#"',
    '"""',
    "...",
    "extend",
    "type",
    "Query",
    "__typename",
    "-1e9999",
    "null",
    "\\u",
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The supergraph with some tokens deleted, doubled, moved or replaced."""
    tokens = list(TOKENS)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(tokens) - 1))
        other = draw(st.integers(0, len(tokens) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "replace", "copy"])):
            case "delete" if len(tokens) > 1:
                del tokens[at]
            case "double":
                tokens.insert(at, tokens[at])
            case "swap":
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case "copy":
                tokens[at] = tokens[other]
            case _:
                tokens[at] = draw(st.sampled_from(REPLACEMENTS))
    return " ".join(tokens)


def outcome(text: str) -> str | None:
    """The API schema's text, None for errors; anything but CompositionError gets through."""
    try:
        api_schema(text)
        return api_schema_sdl(text)
    except CompositionError:
        return None


def test_the_text_that_is_mutated_is_valid() -> None:
    assert outcome(SUPERGRAPH) is not None


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_mutated_supergraphs_give_a_schema_or_errors(text: str) -> None:
    outcome(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_gives_a_schema_or_errors(text: str) -> None:
    outcome(text)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(mutated())
def test_an_api_schema_is_its_own_api_schema(text: str) -> None:
    printed = outcome(text)
    assume(printed is not None)
    assert printed is not None
    assert outcome(printed) == printed


TAGS = st.frozensets(st.sampled_from(["a", "b", "c"]))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(mutated(), TAGS, TAGS, st.booleans())
def test_a_contract_gives_a_part_of_the_schema_or_errors(
    text: str, include: frozenset[str], exclude: frozenset[str], hide: bool
) -> None:
    whole = outcome(text)
    assume(whole is not None)
    assert whole is not None
    try:
        variant = apply_contract(read_supergraph_schema(text), Contract(include, exclude, hide))
    except CompositionError:
        reject()
    part = api_schema_sdl(variant)
    names = {line.split("(")[0].split(":")[0].strip() for line in part.splitlines()}
    assert all(name.removesuffix(" {") in whole for name in names)
    assert api_schema_sdl(apply_contract(variant, Contract(include, exclude, hide))) == part
