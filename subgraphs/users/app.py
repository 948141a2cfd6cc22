"""The users subgraph, assembled: the only place that knows which repository is behind which service."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.audit_reads import ReadNotes
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SigningConfig, SubgraphConfig
from subgraphs.kit.once import Once
from subgraphs.kit.peers import Peers
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.reports import Reports
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.users.limits import Limits
from subgraphs.users.loaders import Services, UsersContext, users_context
from subgraphs.users.passwords import Argon2PasswordHasher
from subgraphs.users.repository import (
    PostgresAccountRepository,
    PostgresApiTokenRepository,
    PostgresChoiceRepository,
    PostgresCredentialRepository,
    PostgresDepartureRepository,
    PostgresLoginRepository,
    PostgresOrganizationRepository,
    PostgresRelationRepository,
    PostgresRoleRepository,
    PostgresStatsRepository,
    PostgresTelegramRepository,
    people_search,
    user_repository,
)
from subgraphs.users.schema import build_schema
from subgraphs.users.service import (
    Accounts,
    ApiTokens,
    Choices,
    Credentials,
    Departure,
    Logins,
    Organizations,
    Profiles,
    Relations,
    Reporting,
    Roles,
    Telegram,
)
from subgraphs.users.tokens import SigningKey, TokenIssuer, load_signing_key


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    """Raises SigningKeyError when the key cannot be used."""
    if config.signing is None:
        raise ValueError("the users subgraph issues tokens and needs a signing key")
    key = load_signing_key(config.signing)
    sessions = Sessions(stores.redis)
    services = _services(config.signing, config, key, stores, sessions)

    def context(request: Request) -> UsersContext:
        return users_context(request, services)

    return Subgraph(
        name="users",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, sessions),
        context=context,
        ready=stores.postgres.ping,
        unavailable=(StoreUnavailable,),
        routes=[_jwks_route(key)],
    )


def _services(
    signing: SigningConfig, config: SubgraphConfig, key: SigningKey, stores: Stores, sessions: Sessions
) -> Services:
    database = stores.postgres
    issuer = TokenIssuer(key, config.tokens, timedelta(seconds=signing.access_seconds))
    lifetime = timedelta(seconds=signing.refresh_seconds)
    logins = Logins(PostgresLoginRepository(database), sessions, issuer, lifetime)
    limits = Limits(RateLimiter(stores.redis))
    hasher = Argon2PasswordHasher(config.passwords)
    accounts = Accounts(PostgresAccountRepository(database), logins, hasher, limits)
    credentials = Credentials(PostgresCredentialRepository(database), logins, hasher, limits)
    return Services(
        accounts,
        logins,
        Profiles(user_repository(database, stores.redis, config.cached), PostgresStatsRepository(database)),
        Relations(PostgresRelationRepository(database)),
        Choices(PostgresChoiceRepository(database)),
        credentials,
        Departure(PostgresDepartureRepository(database), credentials, Peers(config.peers, asking="users")),
        Roles(PostgresRoleRepository(database), logins),
        ApiTokens(PostgresApiTokenRepository(database), credentials),
        Organizations(PostgresOrganizationRepository(database), logins, limits),
        Telegram(
            PostgresTelegramRepository(database), credentials, Once(stores.redis), config.telegram_bot_token
        ),
        limits,
        Reporting(Reports(database)),
        ReadNotes(database),
        partial(people_search, database),
    )


def _jwks_route(key: SigningKey) -> Route:
    async def jwks(_http: HttpRequest) -> Response:
        headers = {"cache-control": "public, max-age=300"}
        return Response(key.jwks, media_type="application/jwk-set+json", headers=headers)

    return Route("/.well-known/jwks.json", jwks)
