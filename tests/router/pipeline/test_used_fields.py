"""What of the schema an operation uses: fields, arguments, those of an interface for all that may answer."""

from __future__ import annotations

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, build_schema, parse, validate

from router.pipeline.used_fields import coordinates_of, used_fields

SCHEMA = build_schema("""
type Query { node(id: ID!, at: Int = 1): Node  me: User  things: [Thing!]! }
interface Node { id: ID!  next: Node }
type User implements Node { id: ID!  next: Node  name(short: Boolean): String @deprecated(reason: "old") }
type Post implements Node { id: ID!  next: Node  author: User }
union Thing = User | Post
""")


def used(text: str) -> set[str]:
    document = parse(text)
    assert validate(SCHEMA, document) == []
    (operation,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    found = used_fields(operation, fragments, SCHEMA).coordinates
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ me { name } }", {"Query.me", "User.name"}),
        ("{ one: me { a: name(short: true) b: name } }", {"Query.me", "User.name", "User.name(short:)"}),
        (
            "query($i: ID!) { node(id: $i) { id } }",
            {"Query.node", "Query.node(id:)", "Node.id", "User.id", "Post.id"},
        ),
        (
            "{ node(id: 1) { ... on User { id } } }",
            {"Query.node", "Query.node(id:)", "User.id"},
        ),
        (
            "{ things { __typename ... on Post { author { ...U } } } } fragment U on User { name ...U2 } "
            "fragment U2 on User { id }",
            {"Query.things", "Post.author", "User.name", "User.id"},
        ),
        ("{ me { ... { id } ... @include(if: false) { name } } }", {"Query.me", "User.id", "User.name"}),
        ("{ __schema { types { name } } __typename }", set()),
    ],
    ids=[
        "a field",
        "aliases and arguments that are given",
        "of an interface and all that may answer",
        "narrowed",
        "fragments, and unions that have no fields",
        "conditions, which another request may turn on",
        "introspection is no use of ours",
    ],
)
def test_an_operation_uses(text: str, expected: set[str]) -> None:
    assert used(text) == expected


def test_everything_that_can_be_used_is_listed_with_why_it_is_deprecated() -> None:
    found = dict(coordinates_of(SCHEMA))
    assert found["User.name"] == "old"
    assert found["Query.node(at:)"] is None
    assert {"Node.id", "User.name(short:)"} <= found.keys()
    assert not any(coordinate.startswith(("__", "Thing")) for coordinate in found)
