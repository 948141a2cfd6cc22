"""The parser beside graphql-core's: the same texts accepted, the same values read, places that are right."""

from __future__ import annotations

import graphql
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.language.parser import SyntaxProblem, parse_document
from schema.language.reader import MAX_DEPTH
from schema.language.selections import parse_selections
from schema.language.source import Source
from schema.language.tokens import tokenize
from schema.language.values import EnumLiteral, read_string

ACCEPTED = [
    'schema @a { query: Q } extend schema @link(url: "x") type Q { a: Int }',
    '"d" type T implements & A & B @x(y: [1, 2.5, -3e4, {k: $v}]) { f("a" x: [Int!]! = 3): T! }'.replace(
        "$v", "V"
    ),
    "union U = | A | B extend union U @x = C",
    "enum E { A B @d } extend enum E { C }",
    "input I { a: Int = 1, b: [String!]! = [] }",
    "directive @d(a: Int) repeatable on | FIELD | OBJECT",
    'scalar S @specifiedBy(url: """block""")',
    "type type { input: enum } interface interface scalar scalar",
    "# comment\ntype T # another\r\n{ a: Int }\ufeff",
]
REFUSED = [
    "",
    "# nothing",
    "type",
    "type T {}",
    "type T { a }",
    "type T { a: }",
    "type T { a: Int ",
    "type T { a: [Int }",
    "type T { a(: Int }",
    "type T { a(x: Int = ): Int }",
    "extend type T",
    '"d" extend type T { a: Int }',
    "query { a }",
    "{ a }",
    "fragment F on T { a }",
    "directive @d on NOWHERE",
    "directive @d",
    "enum E { true }",
    "union U = ",
    "type T { a: Int @ }",
    'type T { a: Int @d(x: "unclosed) }',
    'type T { a: Int @d(x: """unclosed) }',
    'type T { a: Int @d(x: "\\q") }',
    'type T { a: Int @d(x: "unclosed\\") }',
    'type T { a: Int } """unclosed\ntype U { a: Int }',
    'type T { a: Int } """an escaped end \\""" type U { a: Int }',
    'type T { a: Int } """ ""',
    'type T { a: Int @d(x: [""" "]) }',
    'type T { a: Int } """""',
    'type T { a: Int @d(x: "" "x") }',
    "type T { a: Int = 1 }",
    "type T { a(x: Int = 01): Int }",
    "type T { a(x: Int = 1x): Int }",
    "type T { a(x: Int = 1.): Int }",
    "schema { queries: Q }",
    "type T & { a: Int }",
    "type Ü { a: Int }",
]


def accepts(text: str) -> bool:
    try:
        parse_document(text)
    except SyntaxProblem:
        return False
    return True


def reference_accepts(text: str) -> bool:
    try:
        document = graphql.parse(text)
    except graphql.GraphQLSyntaxError:
        return False
    return not any(isinstance(node, graphql.ExecutableDefinitionNode) for node in document.definitions)


@pytest.mark.parametrize("text", ACCEPTED)
def test_type_system_definitions_are_read(text: str) -> None:
    assert accepts(text)
    assert reference_accepts(text)


@pytest.mark.parametrize("text", REFUSED)
def test_other_texts_are_refused(text: str) -> None:
    assert not accepts(text)
    assert not reference_accepts(text)


WORDS = st.sampled_from(
    [
        "type",
        "T",
        "{",
        "}",
        "a",
        ":",
        "Int",
        "!",
        "[",
        "]",
        "(",
        ")",
        "@",
        "d",
        "extend",
        "interface",
        "implements",
        "&",
        "union",
        "=",
        "|",
        "enum",
        "input",
        "scalar",
        "schema",
        "query",
        "on",
        "directive",
        "FIELD",
        "1",
        "2.5",
        '"s"',
        '"""b"""',
        '"""',
        '"',
        '""',
        '\\"""',
        "true",
        "null",
        ",",
        "#",
        "$",
        "...",
        "repeatable",
    ]
)


@given(st.lists(WORDS, max_size=25))
def test_any_sequence_of_words_is_judged_as_graphql_core_judges_it(words: list[str]) -> None:
    text = " ".join(words).replace("#", "#\n").replace("$", "")
    assert accepts(text) == reference_accepts(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    tokens = tokenize(text)
    assert tokens[-1] == ""
    accepts(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_strings_read_as_graphql_core_reads_them(text: str) -> None:
    literal = graphql.print_ast(graphql.StringValueNode(value=text))
    assert read_string(literal) == text
    block = graphql.print_ast(graphql.StringValueNode(value=text, block=True))
    expected = graphql.parse_const_value(block)
    assert isinstance(expected, graphql.StringValueNode)
    assert read_string(block) == expected.value


def test_values_are_pythons_and_names_are_enum_values() -> None:
    (type_,) = parse_document('type T { a: Int @d(x: [1, -2.5, true, null, "s", A, {k: B}]) }').types
    value = type_.fields[0].directives[0].arguments["x"]
    assert value == [1, -2.5, True, None, "s", "A", {"k": "B"}]
    assert isinstance(value, list)
    assert isinstance(value[5], EnumLiteral)
    assert not isinstance(value[4], EnumLiteral)


def test_a_problem_is_placed_where_the_text_stops_making_sense() -> None:
    text = "type T {\r\n  a: Int\n  b Int\n}"
    with pytest.raises(SyntaxProblem, match='expected ":", found "Int"') as raised:
        parse_document(text)
    place = Source("s", text).location(raised.value.token)
    assert (place.line, place.column) == (3, 5)


@pytest.mark.parametrize(
    "text",
    [
        f"type T {{ a: {'[' * 5000}Int{']' * 5000} }}",
        f"type T {{ a(x: Int = {'[' * 5000}{']' * 5000}): Int }}",
        f"type T {{ a(x: Int = {'{a:' * 5000}1{'}' * 5000}): Int }}",
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem, match=f"{MAX_DEPTH} deep"):
        parse_document(text)


def test_selections_nest_as_deep_as_values() -> None:
    assert parse_selections("a { " * (MAX_DEPTH - 2) + "b" + " }" * (MAX_DEPTH - 2))
    with pytest.raises(SyntaxProblem):
        parse_selections("a { " * 5000 + "b" + " }" * 5000)
