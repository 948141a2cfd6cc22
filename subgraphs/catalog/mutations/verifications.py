"""The badge: asked for by managers, decided by editors."""

from __future__ import annotations

import strawberry
from strawberry.types import Info

from subgraphs.catalog.loaders import CatalogContext
from subgraphs.catalog.types.verifications import ArtistVerification, verification_type
from subgraphs.catalog.values import ArtistId
from subgraphs.catalog.verifying import VerificationId
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks

REASON = "Up to 500 characters; the managers read it."


@strawberry.input(description="Why an artist should have its badge.")
class RequestArtistVerificationInput:
    artist_id: strawberry.ID = strawberry.field(description="An artist you manage.")
    statement: str = strawberry.field(description="How editors can know: up to 2000 characters.")


@strawberry.input(description="What becomes of a request.")
class DecideArtistVerificationInput:
    verification_id: strawberry.ID = strawberry.field(description="A request that waits.")
    grant: bool = strawberry.field(description="Whether the artist has its badge now.")
    reason: str | None = strawberry.field(default=None, description=f"Needed for a no. {REASON}")


@strawberry.input(description="A badge that is taken back.")
class RevokeArtistVerificationInput:
    artist_id: strawberry.ID = strawberry.field(description="An artist that has one.")
    reason: str = strawberry.field(description=REASON)


@payload
class RequestArtistVerificationPayload:
    verification: ArtistVerification | None = outcome("The request.")
    errors: list[UserError] = problems()


@payload
class DecideArtistVerificationPayload:
    verification: ArtistVerification | None = outcome("The request as it is decided.")
    errors: list[UserError] = problems()


@payload
class RevokeArtistVerificationPayload:
    verification: ArtistVerification | None = outcome("The request that was granted.")
    errors: list[UserError] = problems()


@strawberry.type
class VerificationMutations:
    @mutation(RequestArtistVerificationPayload, description="For managers with ALL.")
    async def request_artist_verification(
        self, info: Info[CatalogContext, None], input: RequestArtistVerificationInput
    ) -> RequestArtistVerificationPayload | None:
        actor, checks = await info.context.writer(), Checks()
        artist_id = ArtistId(checks.id(input.artist_id, "artistId"))
        verifications = info.context.services.verifications
        made = await verifications.request(actor, artist_id, input.statement, checks)
        return RequestArtistVerificationPayload(verification=verification_type(made))

    @mutation(DecideArtistVerificationPayload, description="For administrators.")
    async def decide_artist_verification(
        self, info: Info[CatalogContext, None], input: DecideArtistVerificationInput
    ) -> DecideArtistVerificationPayload | None:
        actor, checks = await info.context.writer(), Checks()
        request = VerificationId(checks.id(input.verification_id, "verificationId"))
        verifications = info.context.services.verifications
        decided = await verifications.decide(actor, request, input.grant, input.reason, checks)
        return DecideArtistVerificationPayload(verification=verification_type(decided))

    @mutation(RevokeArtistVerificationPayload, description="For administrators.")
    async def revoke_artist_verification(
        self, info: Info[CatalogContext, None], input: RevokeArtistVerificationInput
    ) -> RevokeArtistVerificationPayload | None:
        actor, checks = await info.context.writer(), Checks()
        artist_id = ArtistId(checks.id(input.artist_id, "artistId"))
        verifications = info.context.services.verifications
        revoked = await verifications.revoke(actor, artist_id, input.reason, checks)
        return RevokeArtistVerificationPayload(verification=verification_type(revoked))
