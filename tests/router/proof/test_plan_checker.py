"""What the plan checker proves and what it finds, each on one small supergraph."""

from __future__ import annotations

from dataclasses import replace

from router.plan import (
    EACH,
    BatchFetch,
    EntityBatch,
    Fetch,
    Flatten,
    KeyRenamer,
    OperationKind,
    Parallel,
    PlanNode,
    QueryPlan,
    RequiredField,
    RequiredFragment,
    Sequence,
    TypeCondition,
    read_path,
)
from tests.support.plan_checker import check_plan

JOIN = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5")
  { query: Query mutation: Mutation }
directive @link(url: String) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: String, resolvable: Boolean! = true,
  isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION
directive @join__field(graph: join__Graph, requires: String, provides: String, external: Boolean)
  repeatable on FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
"""

SHOP = (
    JOIN
    + """
enum join__Graph {
  CATALOG @join__graph(name: "catalog", url: "")
  STOCK @join__graph(name: "stock", url: "")
  REVIEWS @join__graph(name: "reviews", url: "")
}
type Query @join__type(graph: CATALOG) @join__type(graph: STOCK) @join__type(graph: REVIEWS) {
  product: Product @join__field(graph: CATALOG)
  products: [Product!]! @join__field(graph: CATALOG)
  media: Media @join__field(graph: CATALOG)
  latest: Review @join__field(graph: REVIEWS)
}
type Mutation @join__type(graph: CATALOG) @join__type(graph: STOCK) {
  rename(name: String): Product @join__field(graph: CATALOG)
  restock: Int @join__field(graph: STOCK)
}
type Product @join__type(graph: CATALOG, key: "id") @join__type(graph: STOCK, key: "id")
  @join__type(graph: REVIEWS, key: "id", resolvable: false) {
  id: ID!
  name: String @join__field(graph: CATALOG) @join__field(graph: REVIEWS, external: true)
  weight(unit: String): Int @join__field(graph: CATALOG) @join__field(graph: STOCK, external: true)
  inStock: Int @join__field(graph: STOCK)
  shipping: Int @join__field(graph: STOCK, requires: "weight(unit: \\"kg\\")")
}
type Review @join__type(graph: REVIEWS) {
  text: String @join__field(graph: REVIEWS)
  product: Product @join__field(graph: REVIEWS, provides: "name")
  about: Product @join__field(graph: REVIEWS)
}
union Media @join__type(graph: CATALOG) @join__unionMember(graph: CATALOG, member: "Book")
  @join__unionMember(graph: CATALOG, member: "Film") = Book | Film
type Book @join__type(graph: CATALOG) { title: String pages: Int }
type Film @join__type(graph: CATALOG) { title: String minutes: Int }
"""
)


def product(*fields: str) -> tuple[RequiredFragment, ...]:
    names = ("__typename", *fields)
    return (RequiredFragment("Product", tuple(RequiredField(name) for name in names)),)


def root(service: str, operation: str) -> Fetch:
    kind: OperationKind = "mutation" if operation.startswith("mutation") else "query"
    return Fetch(service, operation, operation_kind=kind)


def entities(path: str, service: str, selection: str, *required: str) -> Flatten:
    operation = (
        "query($representations:[_Any!]!){_entities(representations:$representations)"
        f"{{...on Product{{{selection}}}}}}}"
    )
    fetch = Fetch(service, operation, requires=product(*(required or ("id",))))
    return Flatten(read_path(path.split(".")), fetch)


def codes(operation: str, node: PlanNode) -> list[str]:
    return [finding.code for finding in check_plan(SHOP, operation, QueryPlan(node))]


def in_turn(*nodes: PlanNode) -> Sequence:
    return Sequence(nodes)


def test_an_entity_fetch_with_its_key_is_proven() -> None:
    plan = in_turn(
        root("catalog", "{products{__typename id name}}"), entities("products.@", "stock", "inStock")
    )
    assert codes("{ products { name inStock } }", plan) == []


def test_a_type_that_the_plan_says_of_objects_is_theirs() -> None:
    first, then = root("catalog", "{products{id}}"), entities("products.@", "stock", "inStock")
    assert isinstance(then.node, Fetch)
    for said, found in (("Product", []), ("Review", ["representation"])):
        plan = in_turn(first, Flatten(then.path, replace(then.node, known_type=said)))
        assert [code for code in codes("{ products { inStock } }", plan) if code != "answer-missing"] == found


def test_a_key_written_by_a_parallel_sibling_is_not_there_yet() -> None:
    plan = Parallel(
        (root("catalog", "{product{__typename id name}}"), entities("product", "stock", "inStock"))
    )
    assert "answer-missing" in codes("{ product { name inStock } }", plan)


def test_a_field_is_asked_only_of_a_subgraph_that_has_it() -> None:
    assert "invalid-operation" in codes("{ product { inStock } }", root("catalog", "{product{inStock}}"))


def test_an_external_field_is_not_asked() -> None:
    plan = root("reviews", "{latest{about{name}}}")
    assert codes("{ latest { about { name } } }", plan) == ["not-owned"]


def test_an_external_field_is_asked_where_the_path_provides_it() -> None:
    plan = root("reviews", "{latest{product{name}}}")
    assert codes("{ latest { product { name } } }", plan) == []


def test_a_key_that_is_not_resolvable_cannot_be_used() -> None:
    plan = in_turn(root("catalog", "{product{__typename id}}"), entities("product", "reviews", "__typename"))
    assert "key" in codes("{ product { id } }", plan)


def test_requires_needs_the_field_with_its_own_arguments() -> None:
    def plan(weight: str) -> Sequence:
        return in_turn(
            root("catalog", f"{{product{{__typename id {weight}}}}}"),
            entities("product", "stock", "shipping", "id", "weight"),
        )

    assert codes("{ product { shipping } }", plan('weight(unit:"kg")')) == []
    assert codes("{ product { shipping } }", plan('weight(unit:"lb")')) == ["requires-missing"]


def test_requires_is_not_asked_from_a_root_field() -> None:
    plan = in_turn(root("catalog", "{product{__typename id}}"), entities("product", "stock", "shipping"))
    assert codes("{ product { shipping } }", plan) == ["requires-missing"]


def test_an_input_rewrite_may_rename_an_aliased_requirement() -> None:
    operation = (
        "query($representations:[_Any!]!){_entities(representations:$representations)"
        "{...on Product{shipping}}}"
    )
    fetch = Fetch(
        "stock",
        operation,
        requires=product("id", "weight_kg"),
        input_rewrites=(KeyRenamer((TypeCondition(("Product",)), "weight_kg"), "weight"),),
    )
    plan = in_turn(
        root("catalog", '{product{__typename id weight weight_kg:weight(unit:"kg")}}'),
        Flatten(("product",), fetch),
    )
    assert codes("{ product { weight shipping } }", plan) == []


def test_every_type_of_an_abstract_position_is_answered() -> None:
    whole = root("catalog", "{media{__typename ...on Book{pages}...on Film{minutes}}}")
    half = root("catalog", "{media{__typename ...on Book{pages}}}")
    operation = "{ media { ... on Book { pages } ... on Film { minutes } } }"
    assert codes(operation, whole) == []
    assert codes(operation, half) == ["answer-missing"]


def test_telling_types_apart_needs_typename() -> None:
    plan = root("catalog", "{media{...on Book{pages}...on Film{minutes}}}")
    assert set(codes("{ media { ... on Book { pages } ... on Film { minutes } } }", plan)) == {"typename"}


def test_arguments_and_aliases_are_the_clients() -> None:
    plan = root("catalog", '{product{weight(unit:"lb")}}')
    assert codes('{ product { weight(unit: "kg") } }', plan) == ["answer-wrong"]
    assert codes('{ product { w: weight(unit: "lb") } }', plan) == ["answer-missing"]


def test_a_condition_is_tried_both_ways() -> None:
    operation = "query($p: Boolean!) { product { id name @skip(if: $p) } }"
    plan = Fetch(
        "catalog",
        "query($p:Boolean!){product{id name@include(if:$p)}}",
        variable_usages=("p",),
    )
    findings = check_plan(SHOP, operation, QueryPlan(plan))
    assert [(f.code, f.when) for f in findings] == [("answer-missing", "$p=False")]


def test_a_variable_is_declared_used_and_the_clients() -> None:
    operation = "query($u: String) { product { weight(unit: $u) } }"
    sent = "query($u:String){product{weight(unit:$u)}}"
    assert codes(operation, Fetch("catalog", sent, variable_usages=("u",))) == []
    assert codes(operation, Fetch("catalog", sent)) == ["variable"]


def test_a_list_on_the_path_is_passed_with_an_at_sign() -> None:
    plan = in_turn(root("catalog", "{products{__typename id}}"), entities("products", "stock", "inStock"))
    assert "path" in codes("{ products { inStock } }", plan)


def test_mutations_run_in_document_order_one_after_another() -> None:
    rename, restock = root("catalog", "mutation{rename{id}}"), root("stock", "mutation{restock}")
    operation = "mutation { rename { id } restock }"
    assert codes(operation, in_turn(rename, restock)) == []
    assert codes(operation, in_turn(restock, rename)) == ["order"]
    assert codes(operation, Parallel((rename, restock))) == ["order"]


def test_a_mutations_result_is_whole_before_the_next_begins() -> None:
    rename = root("catalog", "mutation{rename{__typename id}}")
    restock, stock = root("stock", "mutation{restock}"), entities("rename", "stock", "inStock")
    operation = "mutation { rename { inStock } restock }"
    assert codes(operation, in_turn(rename, stock, restock)) == []
    assert codes(operation, in_turn(rename, restock, stock)) == ["order"]


def test_a_batch_fetch_is_read_part_by_part() -> None:
    def batch(second: str) -> Sequence:
        sent = (
            "query($a:[_Any!]!$b:[_Any!]!){a:_entities(representations:$a){...on Product{inStock}}"
            f"b:_entities(representations:$b){{...on Product{{{second}}}}}}}"
        )
        parts = (
            EntityBatch("a", "a", (("product",),), product("id")),
            EntityBatch("b", "b", (("products", EACH),), product("id")),
        )
        return in_turn(
            root("catalog", "{product{__typename id}products{__typename id}}"),
            BatchFetch("stock", sent, parts),
        )

    operation = "{ product { inStock } products { inStock } }"
    assert codes(operation, batch("inStock")) == []
    assert codes(operation, batch("__typename")) == ["answer-missing"]
