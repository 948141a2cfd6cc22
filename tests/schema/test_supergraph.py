"""Reading a supergraph: what is served by whom, and which texts are no supergraph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schema.report.errors import ErrorCode
from schema.supergraph import (
    ContextArgument,
    InvalidSupergraphError,
    JoinField,
    JoinType,
    Subgraph,
    Supergraph,
    SupergraphError,
    UnsupportedLinkError,
)
from tests.support.work import calls

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "plans.jsonl"

LINKS = """schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
{ query: Query }
"""
GRAPHS = """
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b-b", url: "http://b") }
"""
SUPERGRAPH = (
    LINKS
    + GRAPHS
    + """
directive @cost(weight: Int!) on FIELD_DEFINITION
scalar join__FieldSet
type Query @join__type(graph: A) @join__type(graph: B) {
  users(first: Int = 3): [[User!]]! @join__field(graph: A, provides: "name") @cost(weight: 5)
}
type User implements Node
  @join__implements(graph: A, interface: "Node")
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id name", resolvable: false, extension: true)
{
  id: ID!
  name: String
    @join__field(graph: A, external: true) @join__field(graph: B, override: "a", overrideLabel: "x")
  hello: String @join__field(graph: B, requires: "name")
  ctx: Int @join__field(graph: B, contextArguments: [
    {context: "b__c", name: "n", type: "Int", selection: "{ id }"}])
}
interface Node
  @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) { id: ID! }
union Thing @join__type(graph: A) @join__unionMember(graph: A, member: "User") = User
enum Color @join__type(graph: A) @join__type(graph: B) { RED @join__enumValue(graph: A) BLUE @inaccessible }
"""
)


@pytest.fixture(scope="module")
def supergraph() -> Supergraph:
    return Supergraph.parse(SUPERGRAPH)


def test_subgraphs_are_numbered_in_the_order_of_the_enum(supergraph: Supergraph) -> None:
    assert supergraph.subgraphs == (Subgraph(0, "A", "a", "http://a"), Subgraph(1, "B", "b-b", "http://b"))
    assert supergraph.subgraph_by_name["b-b"].index == 1
    assert supergraph.join_version == "v0.5"


def test_machinery_is_not_among_the_types(supergraph: Supergraph) -> None:
    assert sorted(supergraph.types) == ["Color", "Node", "Query", "Thing", "User"]


def test_keys_are_kept_with_what_they_say(supergraph: Supergraph) -> None:
    assert supergraph.types["User"].joins == (
        JoinType(0, "id"),
        JoinType(1, "id name", extension=True, resolvable=False),
    )
    assert supergraph.types["Node"].joins[1].is_interface_object
    assert [field.name for field in supergraph.types["User"].joins[1].key_fields] == ["id", "name"]  # type: ignore[union-attr]


def test_fields_are_kept_with_what_each_subgraph_says(supergraph: Supergraph) -> None:
    fields = supergraph.types["User"].fields
    assert fields["id"].joins == ()
    assert fields["name"].joins == (
        JoinField(0, external=True),
        JoinField(1, override="a", override_label="x"),
    )
    assert fields["hello"].joins == (JoinField(1, requires="name"),)
    assert fields["ctx"].joins[0].context_arguments == (ContextArgument("b__c", "n", "Int", "{ id }"),)


def test_types_of_fields_are_taken_apart(supergraph: Supergraph) -> None:
    users = supergraph.types["Query"].fields["users"]
    assert (users.type, users.named_type, users.list_depth) == ("[[User!]]!", "User", 2)
    assert users.arguments["first"].type == "Int"
    assert users.arguments["first"].has_default


def test_other_directives_are_kept_as_applied(supergraph: Supergraph) -> None:
    (cost,) = supergraph.types["Query"].fields["users"].directives
    assert (cost.name, cost.arguments) == ("cost", {"weight": 5})
    values = supergraph.types["Color"].values
    assert (values["RED"].graphs, values["BLUE"].graphs) == ((0,), (0, 1))
    assert values["BLUE"].directives[0].name == "inaccessible"


def test_abstract_types_know_their_objects(supergraph: Supergraph) -> None:
    assert supergraph.possible_types["Node"] == supergraph.possible_types["Thing"] == {"User"}
    assert supergraph.override_labels == {"x"}


def test_join_v0_1_keeps_fields_with_their_owner() -> None:
    old = Supergraph.parse(
        """schema @core(feature: "https://specs.apollo.dev/core/v0.1")
          @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION) { query: Query }"""
        + GRAPHS
        + """type Query { me: User @join__field(graph: A) }
        type User @join__owner(graph: A) @join__type(graph: A, key: "id") { id: ID! @join__field(graph: A) }
        type Value { x: Int }"""
    )
    assert old.join_version == "v0.1"
    assert old.types["User"].owner == 0
    assert [join.graph for join in old.types["Value"].joins] == [0, 1]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("type Query { a: Int }", "no `schema"),
        ("schema { query: Query } type Query { a: Int }", "join specification is not linked"),
        (LINKS + "type Query { a: Int }", "join__Graph"),
        (LINKS + "enum join__Graph { A } type Query { a: Int }", "@join__graph"),
        (LINKS + GRAPHS, '"Query" is not defined'),
        (LINKS + GRAPHS + "type Query @join__type(graph: C) { a: Int }", '"C", which does not exist'),
    ],
)
def test_what_is_no_supergraph_is_refused_with_a_code(text: str, part: str) -> None:
    with pytest.raises(InvalidSupergraphError) as caught:
        Supergraph.parse(text)
    assert caught.value.code is ErrorCode.INVALID_FEDERATION_SUPERGRAPH
    assert part in str(caught.value)


def test_a_syntax_error_has_its_line_and_column() -> None:
    with pytest.raises(InvalidSupergraphError) as caught:
        Supergraph.parse("type Query {\n  a: \n}")
    assert (caught.value.line, caught.value.column) == (3, 1)
    assert "line 3, column 1" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://specs.apollo.dev/join/v9.0",
        "https://specs.apollo.dev/secrets/v0.1",
        "https://example.com/auth/v1.0",
    ],
)
def test_a_link_that_must_be_understood_and_is_not_is_refused(url: str) -> None:
    text = LINKS.replace("{ query", f'@link(url: "{url}", for: SECURITY) {{ query') + GRAPHS
    with pytest.raises(UnsupportedLinkError) as caught:
        Supergraph.parse(text + "type Query @join__type(graph: A) { a: Int }")
    assert caught.value.code is ErrorCode.UNSUPPORTED_LINKED_FEATURE
    assert caught.value.url == url


def test_a_link_that_need_not_be_understood_is_ignored() -> None:
    text = LINKS.replace("{ query", '@link(url: "https://example.com/hints/v1.0") { query') + GRAPHS
    assert Supergraph.parse(text + "type Query @join__type(graph: A) { a: Int }").types


def wide(types: int) -> str:
    """The SDL of a supergraph of so many entities."""
    return SUPERGRAPH + "".join(
        f'type T{i} @join__type(graph: A, key: "id") {{ id: ID! '
        + " ".join(f"f{k}(a: Int): String @join__field(graph: A)" for k in range(10))
        + " }\n"
        for i in range(types)
    )


def test_reading_takes_work_in_proportion_to_the_text() -> None:
    small, large = wide(100), wide(200)
    assert calls(lambda: Supergraph.parse(large)) < 2.1 * calls(lambda: Supergraph.parse(small))


def test_a_megabyte_is_read() -> None:
    text = wide(2200)
    assert len(text) > 1_000_000
    assert len(Supergraph.parse(text).types) > 2200


def test_every_supergraph_of_the_corpus_is_read() -> None:
    if not CORPUS.exists():
        pytest.skip(f"the conformance corpus is not there: {CORPUS} is missing")
    texts = {json.loads(line)["supergraph_sdl"] for line in CORPUS.read_text().splitlines()}
    assert len(texts) > 200
    for text in texts:
        try:
            assert Supergraph.parse(text).roots["query"]
        except SupergraphError as error:
            pytest.fail(str(error))
