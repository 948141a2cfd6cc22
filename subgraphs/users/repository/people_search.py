"""People found by their usernames: those who want to be listed and are there for the reader."""

from __future__ import annotations

from dataclasses import dataclass

from db import search
from db.postgres import Database
from db.search import Found, Searched
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.search import NameSearch
from subgraphs.users.organization_values import Acting
from subgraphs.users.repository.postgres_organizations import reading
from subgraphs.users.values import Reader

READER = "CAST(nullif(current_setting('app.user_id', true), '') AS uuid)"
THERE = f"""named.is_listed
    AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = {READER} AND b.blocked_id = named.id)
    AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocked_id = {READER} AND b.blocker_id = named.id)"""  # noqa: S608

FILTERS = {
    "joined_after": "named.created_at > CAST(:wanted_joined_after AS timestamptz)",
    "joined_before": "named.created_at < CAST(:wanted_joined_before AS timestamptz)",
}

NOBODY = Reader()


@dataclass(frozen=True, slots=True)
class PeopleSearch(NameSearch):
    reader: Reader = NOBODY

    async def page(self, typed: str, request: PageRequest) -> Page[Found]:
        async with reading(self.database, Acting(self.reader.user_id)) as session:
            return Page.cut(await search.search(session, self.searched, typed, request), request)

    async def count(self, typed: str) -> int:
        async with reading(self.database, Acting(self.reader.user_id)) as session:
            return await search.count(session, self.searched, typed)


def people_search(database: Database, reader: Reader) -> PeopleSearch:
    """Administrators find everybody."""
    there = Searched("users", "" if reader.sees_all else THERE, FILTERS)
    return PeopleSearch(database, there, reader=reader)
