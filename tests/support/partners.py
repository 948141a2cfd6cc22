"""Partners for tests: a tagged graph, who may call, a router that serves them in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx

from router.app import Router
from router.config import PartnersConfig, RouterConfig
from router.partners.folder_store import FolderStore
from router.partners.key import hash_of, new_key
from router.partners.partner import Limits, Partner, PartnerContract, PartnerKey
from router.partners.store import PartnerStore
from router.persisted.manifest import PersistedOperation
from schema import SubgraphDefinition, compose
from tests.support.federation import Subgraph

SDL = """
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@tag", "@authenticated"])
type Query {
  me: User
  user(id: ID!): User
  secret: String @tag(name: "internal")
  mine: String @authenticated
  found: [Found]
}
union Found = User | Invoice
type Invoice @tag(name: "internal") { total: Int }
type Mutation { rename(name: String!): User }
type User @key(fields: "id") {
  id: ID!
  name: String
  email: String @tag(name: "internal")
}
"""
SUPERGRAPH = compose([SubgraphDefinition(name="users", url="http://users.invalid", sdl=SDL)]).supergraph_sdl
ME = "query Me { me { name } }"
EMAIL = "query Email { me { email } }"
ADA = {"data": {"me": {"name": "Ada"}}}
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
EXCLUDED = PartnerContract(exclude_tags=("internal",))


def users() -> Subgraph:
    ada = {"__typename": "User", "id": "1", "name": "Ada", "email": "ada@example.com"}
    return Subgraph({"me": ada, "user": ada, "rename": ada, "secret": "s", "mine": "m"})


def operations(**texts: str) -> tuple[PersistedOperation, ...]:
    return tuple(PersistedOperation(id_, text) for id_, text in texts.items())


def add_partner(
    store: PartnerStore,
    name: str = "acme",
    *,
    contract: PartnerContract = EXCLUDED,
    limits: Limits | None = None,
    origins: tuple[str, ...] = (),
    texts: Mapping[str, str] | None = None,
) -> str:
    """Its key."""
    key = new_key()
    record = Partner(
        name=name,
        keys=(PartnerKey(hash=hash_of(key), created=CREATED),),
        operations=operations(**({"me-1": ME} if texts is None else texts)),
        contract=contract,
        limits=limits or Limits(),
        origins=origins,
    )
    store.change(name, lambda before: record)
    return key


def config(folder: Path | str, **more: Any) -> RouterConfig:
    partners = more.pop("partners", {})
    return RouterConfig(partners=PartnersConfig(store=str(folder), **partners), **more)


def router(folder: Path | str, subgraph: Subgraph | None = None, **more: Any) -> Router:
    return Router(SUPERGRAPH, {"users": subgraph or users()}, config=config(folder, **more))


@asynccontextmanager
async def serving(router: Router) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the router's application, started."""
    async with router:
        transport = httpx.ASGITransport(app=router.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://router") as http:
            yield http


def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]
