"""A small federated graph of two subgraphs in this process, and the supergraph that belongs to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from router.app import Router
from router.config import RouterConfig

SUPERGRAPH = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
{ query: Query mutation: Mutation }

directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
scalar join__DirectiveArguments
scalar join__FieldSet
scalar join__FieldValue
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }

enum join__Graph {
  POSTS @join__graph(name: "posts", url: "http://posts.invalid/graphql")
  USERS @join__graph(name: "users", url: "http://users.invalid/graphql")
}

type Query @join__type(graph: POSTS) @join__type(graph: USERS) {
  me: User @join__field(graph: USERS)
  user(id: ID!, mood: Mood = GOOD): User @join__field(graph: USERS)
  find(by: By!): User @join__field(graph: USERS)
  posts: [Post!] @join__field(graph: POSTS)
}

type Mutation @join__type(graph: USERS) { rename(name: String!): User @join__field(graph: USERS) }

input By @join__type(graph: USERS) { id: ID, names: [String!], limit: Int }

enum Mood @join__type(graph: USERS) { GOOD @join__enumValue(graph: USERS) BAD @join__enumValue(graph: USERS) }

type User @join__type(graph: POSTS, key: "id") @join__type(graph: USERS, key: "id") {
  id: ID!
  name: String @join__field(graph: USERS)
  posts: [Post!] @join__field(graph: POSTS)
}

type Post @join__type(graph: POSTS, key: "id") { id: ID!  title: String  author: User }
"""  # noqa: E501 - directive definitions as composition prints them


class Subgraph:
    """Answers every root field and entity field it is asked for with a fixed value; remembers requests."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer
        self.requests: list[tuple[str, Mapping[str, Any], Mapping[str, str]]] = []
        self.gate: asyncio.Event | None = None
        self.asked = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> Mapping[str, Any]:
        self.requests.append((query, variables or {}, headers))
        self.asked.set()
        if self.gate is not None:
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.cancelled.set()
                raise
        return {"data": {key: value() if callable(value) else value for key, value in self.answer.items()}}


def users() -> Subgraph:
    def ada() -> dict[str, Any]:
        return {"__typename": "User", "id": "1", "name": "Ada"}

    return Subgraph({"me": ada, "user": ada, "find": ada, "rename": ada})


def posts() -> Subgraph:
    return Subgraph(
        {
            "posts": lambda: [{"__typename": "Post", "id": "p", "title": "T"}],
            "_entities": lambda: [{"posts": [{"id": "p", "title": "T"}]}],
        }
    )


def router(config: RouterConfig | None = None, **subgraphs: Any) -> Router:
    """A router over the two subgraphs; pass one to watch it."""
    return Router(SUPERGRAPH, {"users": users(), "posts": posts(), **subgraphs}, config=config)
