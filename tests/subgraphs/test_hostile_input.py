"""Every field of every mutation's input, filled with what a client should not send: it is refused or taken,
by what the schema says, and is never our failure.

Generated from the schemas: a new mutation is in it without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
)

from db.config import DomainStore
from subgraphs.kit.rate_limit import Limit, RateLimiter
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import DOMAINS, build_domain, schema_of
from tests.subgraphs.support import Person, act, config_in
from tests.support.posts_peer import PostsPeer


class EmptyFile:
    filename, content_type = "x.png", "image/png"

    async def read(self, _size: int = -1) -> bytes:
        return b""


TEXTS = (
    "",
    " \t\r\n ",
    "\0",
    "a\0b",
    "\ud800",
    "\u200b\u202e",
    "x" * 70_000,
    "😀" * 3000,
    "'; DROP TABLE users; --",
    "%_\\",
    "${jndi:ldap://x}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "a@b.example\r\nBcc: eve@plait.example",
    "00000000-0000-0000-0000-000000000000",
    "9" * 400,
)
NUMBERS = (0, -1, 2**31 - 1, -(2**31), 2**31, 1e308, True)
OTHERS = (None, [], {}, [[]], {"__proto__": 1})
GOOD = {
    "ID": "00000000-0000-0000-0000-000000000001",
    "String": "Something",
    "Int": 1,
    "Float": 1.5,
    "Boolean": True,
    "DateTime": "2030-01-01T10:00:00Z",
    "Date": "2000-01-31",
    "URL": "https://plait.example/x.png",
    "EmailAddress": "ada@plait.example",
    "TimeZone": "Europe/Berlin",
    "JSON": {},
    "MinorUnits": 1,
    "Upload": EmptyFile(),
}
OURS = {"INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE"}


def mutations(domain: str) -> Iterator[tuple[str, GraphQLInputObjectType]]:
    schema = schema_of(domain)._schema
    assert isinstance(schema.mutation_type, GraphQLObjectType)
    for name, field in schema.mutation_type.fields.items():
        kind = get_named_type(field.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        yield name, kind


def good(kind: GraphQLInputType) -> Any:
    """A value of the type that looks right."""
    inner = get_nullable_type(kind)
    if isinstance(inner, GraphQLList):
        return [good(inner.of_type)]
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    if isinstance(inner, GraphQLInputObjectType):
        return {name: good(field.type) for name, field in inner.fields.items() if _is_required(field)}
    return GOOD[str(inner)]


def _is_required(field: GraphQLInputField) -> bool:
    return isinstance(field.type, GraphQLNonNull)


def hostile(kind: GraphQLInputType) -> Iterator[Any]:
    """Values for a field of this type, itself and what is in it."""
    inner = get_nullable_type(kind)
    yield from OTHERS
    if isinstance(inner, GraphQLList):
        yield from ([each] for each in hostile(inner.of_type))
        yield [good(inner.of_type)] * 2000
    elif isinstance(inner, GraphQLInputObjectType):
        for name, field in inner.fields.items():
            yield from (good(inner) | {name: each} for each in hostile(field.type))
    else:
        yield from TEXTS
        yield from NUMBERS


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits would answer in place of what is tried here."""

    async def take(_limiter: RateLimiter, _limit: Limit, _who: str, _cost: int = 1) -> None:
        return None

    monkeypatch.setattr(RateLimiter, "take", take)


async def send(
    subgraph: Subgraph, name: str, kind: GraphQLInputObjectType, value: Any, headers: Mapping[str, str]
) -> set[str]:
    """The codes of the GraphQL errors."""
    query = f"mutation($input: {kind.name}!) {{ {name}(input: $input) {{ errors {{ code message path }} }} }}"
    answer = await subgraph.execute(query, {"input": value}, headers=headers)
    return {str(error["extensions"]["code"]) for error in answer.get("errors", ())}


HEADERS = {"x-request-id": "\ud800\0" * 300, "user-agent": "\0\x7f", "x-forwarded-for": "x"}
ADMIN = frozenset({"ROLE_USER", "ROLE_ADMIN"})


async def somebody(subgraph: Subgraph) -> UUID:
    """Known to the users domain, when this is it."""
    if subgraph.name != "users":
        return uuid4()
    given = {"username": "ada", "email": "ada@plait.example", "password": "correct horse"}
    payload = await act(subgraph, "signUp", None, "login { user { id } }", **given)
    return UUID(payload["login"]["user"]["id"])


@pytest.mark.parametrize("domain", DOMAINS)
async def test_no_input_of_any_mutation_is_our_failure(
    domain: str, stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    config, failed, tried = replace(config_in(tmp_path), peers={"posts": PostsPeer()}), [], 0
    async with build_domain(domain, config, stores[domain]) as subgraph:
        known = await somebody(subgraph)
        senders = [
            HEADERS,
            Person(config, known, ADMIN).headers,
            dict(Person(config, known, tenant=uuid4()).headers) | HEADERS,
            Person(config).headers,
        ]
        for name, kind in mutations(domain):
            for field, about in kind.fields.items():
                for each in hostile(about.type):
                    headers = senders[tried % len(senders)]
                    tried += 1
                    if OURS & await send(subgraph, name, kind, good(kind) | {field: each}, headers):
                        failed.append(f"{name}.{field}: {str(each)[:40]!r}")
    assert tried > 20 * sum(len(kind.fields) for _name, kind in mutations(domain))
    assert failed == []
