"""What the subgraph tests share: cheap passwords, keys in a folder, a token for anybody."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from db.clients import Stores
from db.postgres import Database
from db.redis import connect
from subgraphs.kit.config import PasswordCost, SigningConfig, SubgraphConfig, TokenConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.users.tokens import TokenIssuer, load_signing_key
from subgraphs.users.values import User, UserId


def config_in(folder: Path) -> SubgraphConfig:
    """Keys are made in the folder; passwords cost next to nothing."""
    jwks = folder / "jwks.json"
    return SubgraphConfig(
        TokenConfig(str(jwks)),
        SigningConfig(folder / "signing.pem", jwks),
        PasswordCost(1, 64, 1),
        keys=folder,
    )


@dataclass(frozen=True)
class Person:
    """Somebody with a token, whether or not the users domain knows them."""

    config: SubgraphConfig
    id: UUID = field(default_factory=uuid4)
    roles: frozenset[str] = frozenset({"ROLE_USER"})
    tenant: UUID | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        assert self.config.signing is not None
        issuer = TokenIssuer(load_signing_key(self.config.signing), self.config.tokens, timedelta(minutes=5))
        now = datetime.now(UTC)
        user = User(UserId(self.id), "somebody", "somebody@plait.example", now, now, roles=self.roles)
        return {"Authorization": f"Bearer {issuer.access_token(user, now, self.tenant)[0]}"}


def build_over(database: Database, domain: str, config: SubgraphConfig) -> Subgraph:
    """A subgraph whose statements can be watched; nobody logs in to it, and nothing is limited."""
    nowhere = connect("redis://127.0.0.1:1")
    stores = Stores(domain, database, opened_redis=nowhere)
    subgraph: Subgraph = importlib.import_module(f"subgraphs.{domain}.app").build(config, stores)
    return subgraph


async def data(
    subgraph: Subgraph, query: str, headers: Mapping[str, str] | None = None, **variables: Any
) -> Any:
    """The data of an operation that has no errors."""
    answer = await subgraph.execute(query, variables, headers=headers)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


async def error(
    subgraph: Subgraph, query: str, headers: Mapping[str, str] | None = None, **variables: Any
) -> Any:
    """The only error of an operation."""
    answer = await subgraph.execute(query, variables, headers=headers)
    assert len(answer.get("errors", ())) == 1, answer
    return answer["errors"][0]


async def code(
    subgraph: Subgraph, query: str, headers: Mapping[str, str] | None = None, **variables: Any
) -> str:
    """The code of the only error of an operation."""
    return str((await error(subgraph, query, headers, **variables))["extensions"]["code"])


async def act(
    subgraph: Subgraph,
    mutation: str,
    headers: Mapping[str, str] | None = None,
    selection: str = "",
    /,
    **given: Any,
) -> Any:
    """The payload of a mutation by the convention, with `errors`; there are no GraphQL errors."""
    return (await data(subgraph, mutation_text(mutation, selection), headers, input=given))[mutation]


async def refused(
    subgraph: Subgraph, mutation: str, headers: Mapping[str, str] | None = None, /, **given: Any
) -> list[tuple[str, str]]:
    """Code and path of everything that a mutation was refused for."""
    payload = await act(subgraph, mutation, headers, **given)
    return [(error["code"], ".".join(error["path"])) for error in payload["errors"]]


async def denied(
    subgraph: Subgraph, mutation: str, headers: Mapping[str, str] | None = None, /, **given: Any
) -> str:
    """The code of the GraphQL error of a mutation that nobody can act on."""
    return await code(subgraph, mutation_text(mutation), headers, input=given)


def mutation_text(mutation: str, selection: str = "") -> str:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    errors = "errors { __typename message code path }"
    return f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} {errors} }} }}"
