"""Published operations as their callers see them: words, variables, answers."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, specified_directives
from jsonschema import Draft202012Validator

from router.described.operation import DescribedOperation, described
from router.persisted.manifest import PersistedOperation

SCHEMA = build_schema("""
type Query {
  "One user, if there is one."
  user("Whose id it is." id: ID!, mood: Mood = GOOD): User
  users(by: By, first: Int! = 10): [User!]!
  at(when: DateTime, any: Opaque, file: Upload): Node
}
type Mutation { rename(id: ID!, name: String!): User }
type Subscription { renamed: User }
interface Node { id: ID! }
type User implements Node { id: ID!, name: String, mood: Mood!, age: Int, seen: Opaque, friends: [User!] }
type Robot implements Node { id: ID!, model: String! }
"How somebody feels."
enum Mood { "Well." GOOD BAD }
"Which users."
input By { "Part of a name." name: String, moods: [Mood!], not: By, limit: Int! = 5 }
scalar DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time.html")
"Whatever it is."
scalar Opaque
scalar Upload
""")


def published(body: str, id_: str = "id", name: str = "", **more: Any) -> PersistedOperation:
    return PersistedOperation(id_, body, name, **more)


def one(body: str, schema: GraphQLSchema = SCHEMA, **more: Any) -> DescribedOperation:
    (found,) = described([published(body, **more)], schema)
    return found


def fits(schema: dict[str, Any], value: Any) -> bool:
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(value))


def test_a_comment_above_an_operation_says_what_it_does() -> None:
    body = "# Not this.\n\n# Finds somebody\n# by id.\nquery Find($id: ID!) { user(id: $id) { name } }"
    assert one(body).description == "Finds somebody by id."


def test_what_was_published_with_the_operation_counts_before_its_comment() -> None:
    assert one("# No.\n{ users { id } }", description="Everybody.").description == "Everybody."


def test_without_words_of_its_own_an_operation_has_those_of_the_schema() -> None:
    assert one("query Q { user(id: 1) { name } }").description == "One user, if there is one."
    both = one("query Q { ...F users { id } } fragment F on Query { user(id: 1) { id } }").description
    assert both == "Reads users, user. user: One user, if there is one."
    assert one('mutation M { rename(id: 1, name: "a") { id } }').description == "Changes data with rename."


def test_variables_are_typed_with_words_defaults_and_nulls() -> None:
    found = one("query Q($id: ID!, $mood: Mood = BAD, $n: Int! = 3) { user(id: $id, mood: $mood) { id } "
                "users(first: $n) { id } }")  # fmt: skip
    assert found.variables == {
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "Whose id it is."},
            "mood": {
                "type": ["string", "null"],
                "enum": ["GOOD", "BAD", None],
                "description": "How somebody feels. GOOD: Well.",
                "default": "BAD",
            },
            "n": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1, "default": 3},
        },
        "additionalProperties": False,
        "required": ["id"],
    }


def test_an_input_object_that_holds_itself_is_a_definition() -> None:
    schema = one("query Q($by: By) { users(by: $by) { id } }").variables
    assert schema["properties"]["by"] == {"anyOf": [{"$ref": "#/$defs/By"}, {"type": "null"}]}
    by = schema["$defs"]["By"]
    assert by["description"] == "Which users."
    assert by["properties"]["name"] == {"type": ["string", "null"], "description": "Part of a name."}
    assert by["properties"]["limit"]["default"] == 5
    assert "required" not in by
    assert fits(schema, {"by": {"not": {"not": {"moods": ["GOOD"]}}}})
    assert fits(schema, {"by": None})
    assert not fits(schema, {"by": {"moods": ["NEITHER"]}})
    assert not fits(schema, {"by": {"nmae": "a"}})


def test_a_variable_in_an_input_object_has_the_words_of_its_field() -> None:
    found = one("query Q($name: String) { users(by: {not: {name: $name}}) { id } }")
    assert found.variables["properties"]["name"]["description"] == "Part of a name."


@pytest.mark.skipif(
    all(directive.name != "oneOf" for directive in specified_directives),
    reason="needs a graphql-core that knows @oneOf (pip install -U graphql-core)",
)
def test_one_of_several_fields_is_asked_for() -> None:
    graph = build_schema("type Query { one(of: OneOf!): ID } input OneOf @oneOf { id: ID, name: String }")
    schema = one("query Q($of: OneOf!) { one(of: $of) }", graph).variables
    assert fits(schema, {"of": {"id": "1"}})
    assert not fits(schema, {"of": {"id": "1", "name": "a"}})
    assert not fits(schema, {"of": {"id": None}})


def test_a_custom_scalar_is_what_its_specification_says_or_anything() -> None:
    properties = one("query Q($w: DateTime, $a: Opaque) { at(when: $w, any: $a) { id } }").variables[
        "properties"
    ]
    assert properties["w"]["type"] == ["string", "null"]
    assert properties["w"]["format"] == "date-time"
    assert properties["a"] == {"description": "Whatever it is."}


def test_an_operation_with_files_says_so() -> None:
    assert one("query Q($f: Upload) { at(file: $f) { id } }").takes_files


def test_an_answer_has_what_is_always_there_and_may_have_what_is_not() -> None:
    found = one(
        "query Q($x: Boolean!) { user(id: 1) { who: name mood age @include(if: $x) seen friends { id } } "
        "at { id ... on Robot { model } } }"
    ).answer
    user = found["properties"]["data"]["properties"]["user"]
    assert user["required"] == ["who", "mood", "seen", "friends"]
    assert fits(found, {"data": {"user": None, "at": {"id": "1"}}})
    answer = {"who": None, "mood": "NEW_ONE", "seen": {"any": [1]}, "friends": [{"id": "2"}]}
    assert fits(found, {"data": {"user": answer, "at": {"id": "1", "model": "R"}}})
    assert not fits(found, {"data": {"user": {**answer, "mood": None}, "at": None}})
    assert not fits(found, {"data": {"at": None}})
    assert not fits(found, {"errors": []})


def test_a_field_under_a_condition_that_always_holds_is_always_there() -> None:
    answer = one("{ user(id: 1) { ... on Node { id } ...F } } fragment F on User { name }").answer
    assert answer["properties"]["data"]["properties"]["user"]["required"] == ["id", "name"]


def test_an_answer_of_thousands_of_fields_is_told_only_at_its_root() -> None:
    body = "{ user(id: 1) { " + " ".join(f"a{n}: name" for n in range(2100)) + " } }"
    assert one(body).answer["properties"]["data"] == {"type": "object"}


def test_names_are_unique_and_the_last_published_has_the_plain_one() -> None:
    versions = [published("query Get { users { id } }", "1"), published("query Get { users { name } }", "2")]
    first, last = described(versions, SCHEMA)
    assert last.name == "Get"
    assert first.name.startswith("Get_")
    assert len(first.name) == len("Get_") + 8
    assert (first.operation_name, first.id) == ("Get", "1")


def test_a_name_is_what_every_assistant_takes() -> None:
    assert one("{ users { id } }", id_="users/all v1").name == "users_all_v1"
    assert len(one("query " + "A" * 100 + " { users { id } }").name) == 64


def test_each_operation_of_a_document_is_one_unless_one_is_named() -> None:
    body = "query A { ...F } query B { ...F } fragment F on Query { users { id } }"
    assert [each.name for each in described([published(body)], SCHEMA)] == ["A", "B"]
    assert one(body, name="B").operation_name == "B"


def test_what_does_not_fit_the_schema_and_subscriptions_are_left_out() -> None:
    bodies = ["{ nobody }", "{ users(", "subscription S { renamed { id } }"]
    assert described([published(body, str(n)) for n, body in enumerate(bodies)], SCHEMA) == ()
