"""Requests for badges, in GraphQL."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry.types import Info

from subgraphs.catalog import enums as _described  # noqa: F401 -- before they are used
from subgraphs.catalog import verifying
from subgraphs.catalog.loaders import CatalogContext
from subgraphs.kit.connections import Connection, Counter, connection
from subgraphs.kit.pages import Page

if TYPE_CHECKING:
    from subgraphs.catalog.types import Artist, User

CatalogInfo: TypeAlias = Info[CatalogContext, None]
TYPES = __name__.rpartition(".")[0]
LazyUser = Annotated["User", strawberry.lazy(TYPES)]
LazyArtist = Annotated["Artist", strawberry.lazy(TYPES)]


@strawberry.type(description="A request for an artist's badge, and what editors said.")
class ArtistVerification:
    record: strawberry.Private[verifying.Verification]
    id: strawberry.ID = strawberry.field(description="Give it to decideArtistVerification.")
    status: verifying.VerificationStatus = strawberry.field(description="What came of it.")
    statement: str = strawberry.field(description="Why it is them.")
    reason: str | None = strawberry.field(description="Why it was decided so.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    decided_at: datetime | None = strawberry.field(description="When editors decided, last.")

    @strawberry.field(description="Whose badge it is about.")
    def artist(self, info: CatalogInfo) -> LazyArtist | None:
        from subgraphs.catalog.types import artist_type

        return info.context.loaders.artist.found(self.record.artist_id, artist_type)

    @strawberry.field(description="Who asked; null when they are gone.")
    def requested_by(self) -> LazyUser | None:
        from subgraphs.catalog.types import User

        person = self.record.requested_by
        return None if person is None else User(id=strawberry.ID(str(person)))


def verification_type(record: verifying.Verification) -> ArtistVerification:
    return ArtistVerification(
        record=record,
        id=strawberry.ID(str(record.id)),
        status=record.status,
        statement=record.statement,
        reason=record.reason,
        requested_at=record.created_at,
        decided_at=record.decided_at,
    )


def verification_connection(
    page: Page[verifying.Verification], counter: Counter
) -> Connection[ArtistVerification]:
    cursor = verifying.OLDEST_REQUESTS.cursor
    return connection(page, verification_type, lambda each: cursor(each.position), counter)
