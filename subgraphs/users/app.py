"""The users subgraph, assembled: the only place that knows which repository is behind which service."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from db.errors import StoreUnavailable
from db.postgres import Database
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.request import Request
from subgraphs.kit.subgraph import Subgraph
from subgraphs.users.loaders import UsersContext, users_context
from subgraphs.users.passwords import Argon2PasswordHasher
from subgraphs.users.repository import PostgresAccountRepository, PostgresUserRepository
from subgraphs.users.schema import build_schema
from subgraphs.users.service import Accounts, Profiles
from subgraphs.users.tokens import SigningKey, TokenIssuer, load_signing_key


def build(config: SubgraphConfig, database: Database) -> Subgraph:
    """Raises SigningKeyError when the key cannot be used."""
    if config.signing is None:
        raise ValueError("the users subgraph issues tokens and needs a signing key")
    key = load_signing_key(config.signing)
    profiles = Profiles(PostgresUserRepository(database))
    accounts = Accounts(
        PostgresAccountRepository(database),
        Argon2PasswordHasher(config.passwords),
        TokenIssuer(key, config.tokens, timedelta(seconds=config.signing.access_seconds)),
        timedelta(seconds=config.signing.refresh_seconds),
    )

    def context(request: Request) -> UsersContext:
        return users_context(request, accounts, profiles)

    return Subgraph(
        name="users",
        schema=build_schema(),
        verifier=token_verifier(config.tokens),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
        routes=[_jwks_route(key)],
    )


def _jwks_route(key: SigningKey) -> Route:
    async def jwks(_http: HttpRequest) -> Response:
        headers = {"cache-control": "public, max-age=300"}
        return Response(key.jwks, media_type="application/jwk-set+json", headers=headers)

    return Route("/.well-known/jwks.json", jwks)
