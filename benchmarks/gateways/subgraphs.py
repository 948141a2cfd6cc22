"""The four subgraphs behind one port, as fast as Python allows: what was asked before is remembered.

The first time a body comes it is answered by graphql-core from the subgraph's own schema, so every
gateway may phrase its requests as it likes; from then on its bytes are looked up. What is left is parsing
HTTP with httptools, so that the server never is what limits a measurement.

    python -m benchmarks.gateways.subgraphs PORT
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any, cast

import httptools
import uvloop
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, graphql_sync

from benchmarks.gateways.shop import ENTITIES, RESOLVERS, SUBGRAPHS

FEDERATION = """
scalar _Any
scalar FieldSet
directive @key(fields: FieldSet!) repeatable on OBJECT | INTERFACE
directive @external on FIELD_DEFINITION
directive @requires(fields: FieldSet!) on FIELD_DEFINITION
directive @provides(fields: FieldSet!) on FIELD_DEFINITION
directive @shareable on OBJECT | FIELD_DEFINITION
type _Service { sdl: String }
"""


def executable(sdl: str) -> GraphQLSchema:
    """The subgraph's schema with `_entities` and `_service`, as federation asks for."""
    types = sdl[sdl.index("type ") :]
    entities = [name for name in ENTITIES if re.search(rf"type {name}\b[^{{]*@key", types)]
    query = "extend type Query" if "type Query" in types else "type Query"
    union = f"union _Entity = {' | '.join(entities)}"
    fields = "_service: _Service _entities(representations: [_Any!]!): [_Entity]!"
    added = f"{union}\n{query} {{ {fields} }}"
    schema = build_schema(FEDERATION + types + added, assume_valid=True)
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                resolve = RESOLVERS.get(f"{type_.name}.{name}")
                if resolve is not None:
                    field.resolve = lambda parent, info, _resolve=resolve, **arguments: _resolve(
                        parent, arguments
                    )
    root = schema.query_type
    assert root is not None
    root.fields["_service"].resolve = lambda *_: {"sdl": sdl}
    root.fields["_entities"].resolve = _entities
    return schema


def _entities(root: Any, info: Any, representations: list[dict[str, Any]]) -> list[Any]:
    return [ENTITIES[key["__typename"]](key) for key in representations]


class Subgraphs:
    """Answers by path (`/accounts`) and body."""

    def __init__(self) -> None:
        self._schemas = {f"/{name}".encode(): executable(sdl) for name, sdl in SUBGRAPHS.items()}
        self._answers: dict[tuple[bytes, bytes], bytes] = {}

    def answer(self, path: bytes, body: bytes) -> bytes:
        key = (path, body)
        message = self._answers.get(key)
        if message is None:
            message = self._answers[key] = self._execute(path, body)
        return message

    def _execute(self, path: bytes, body: bytes) -> bytes:
        request = json.loads(body)
        result = graphql_sync(
            self._schemas[path],
            request["query"],
            {"__typename": "Query"},
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
        )
        answer = json.dumps(result.formatted, separators=(",", ":")).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(answer)}\r\n\r\n"
        return head.encode() + answer


class Connection(asyncio.Protocol):
    def __init__(self, subgraphs: Subgraphs) -> None:
        self._subgraphs = subgraphs
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""
        self._body: list[bytes] = []
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass.

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path = url

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        assert self._transport is not None
        self._transport.write(self._subgraphs.answer(self._path, b"".join(self._body)))
        self._body = []


async def serve(port: int) -> None:
    subgraphs = Subgraphs()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(subgraphs), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
