"""People of the tests, who do everything through GraphQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from db.postgres import Database
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from tests.subgraphs.support import act, data, denied, refused

PASSWORD = "correct horse"
TOKENS = "login { accessToken refreshToken user { id } }"


@dataclass(frozen=True)
class Somebody:
    subgraph: Subgraph
    name: str
    id: str
    access: str
    refresh: str

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.access}"}

    async def data(self, query: str, /, **variables: Any) -> Any:
        return await data(self.subgraph, query, self.headers, **variables)

    async def act(self, mutation: str, selection: str = "", /, **given: Any) -> Any:
        payload = await act(self.subgraph, mutation, self.headers, selection, **given)
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def refused(self, mutation: str, /, **given: Any) -> list[tuple[str, str]]:
        return await refused(self.subgraph, mutation, self.headers, **given)

    async def denied(self, mutation: str, /, **given: Any) -> str:
        return await denied(self.subgraph, mutation, self.headers, **given)

    async def refreshed(self) -> Somebody:
        payload = await act(self.subgraph, "refreshLogin", None, TOKENS, refreshToken=self.refresh)
        assert payload["errors"] == [], payload["errors"]
        login = payload["login"]
        return replace(self, access=login["accessToken"], refresh=login["refreshToken"])

    def at(self, subgraph: Subgraph) -> Somebody:
        """With the same tokens, elsewhere."""
        return replace(self, subgraph=subgraph)


@dataclass(frozen=True)
class Users:
    subgraph: Subgraph
    config: SubgraphConfig
    database: Database

    async def sign_up(self, name: str, headers: Mapping[str, str] | None = None) -> Somebody:
        given = {"username": name, "email": f"{name}@plait.example", "password": PASSWORD}
        payload = await act(self.subgraph, "signUp", headers, TOKENS, **given)
        assert payload["errors"] == [], payload["errors"]
        return self._somebody(name, payload["login"])

    async def log_in(
        self, name: str, password: str = PASSWORD, headers: Mapping[str, str] | None = None
    ) -> Somebody:
        given = {"usernameOrEmail": name, "password": password}
        payload = await act(self.subgraph, "login", headers, TOKENS, **given)
        assert payload["errors"] == [], payload["errors"]
        return self._somebody(name, payload["login"])

    async def admin(self, name: str) -> Somebody:
        await self.sign_up(name)
        await self.run(
            "INSERT INTO user_roles SELECT u.id, r.id FROM users u, roles r "
            "WHERE u.username = :name AND r.name = 'ROLE_ADMIN'",
            name=name,
        )
        return await self.log_in(name)

    async def run(self, statement: str, **given: Any) -> list[Any]:
        """SQL as the service, without the service's code."""
        async with self.database.write() as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []

    def _somebody(self, name: str, login: Any) -> Somebody:
        return Somebody(self.subgraph, name, login["user"]["id"], login["accessToken"], login["refreshToken"])
