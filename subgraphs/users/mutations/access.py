"""What people and their programs may do: roles, and tokens for programs."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.users import values
from subgraphs.users.mutations.origin import origin
from subgraphs.users.types import (
    Access,
    ApiToken,
    ApiTokenSecret,
    User,
    UsersInfo,
    api_token_type,
    user_type,
)


@strawberry.input(description="Who is given a role.")
class GrantRoleInput:
    user_id: strawberry.ID = strawberry.field(description="Whoever it is.")
    role: values.Role = strawberry.field(description="Which one.")


@strawberry.input(description="Who has a role no longer.")
class TakeRoleInput:
    user_id: strawberry.ID = strawberry.field(description="Whoever it is; the last administrator stays one.")
    role: values.Role = strawberry.field(description="Which one; everybody stays a USER.")


@strawberry.input(description="A token for a program that acts for you.")
class CreateApiTokenInput:
    name: str = strawberry.field(description="For you to recognise it. Up to 100 characters.")
    scopes: list[values.ApiScope] = strawberry.field(description="What it may do. At least one.")
    expires_at: datetime = strawberry.field(description="Within a year.")
    password: str = strawberry.field(description="The one you log in with.")


@strawberry.input(description="A program that begins or goes on.")
class ExchangeApiTokenInput:
    token: str = strawberry.field(description="From createApiToken.")


@strawberry.input(description="Which token is no good any longer.")
class RevokeApiTokenInput:
    api_token_id: strawberry.ID = strawberry.field(description="One of yours.")


@payload
class GrantRolePayload:
    user: User | None = outcome("Who has it now.")
    errors: list[UserError] = problems()


@payload
class TakeRolePayload:
    user: User | None = outcome("Who has it no longer.")
    errors: list[UserError] = problems()


@payload
class CreateApiTokenPayload:
    secret: ApiTokenSecret | None = outcome("The token: this is the only time it is shown.")
    errors: list[UserError] = problems()


@payload
class ExchangeApiTokenPayload:
    access: Access | None = outcome("What to send with each request.")
    errors: list[UserError] = problems()


@payload
class RevokeApiTokenPayload:
    api_token: ApiToken | None = outcome("The one that is no good any longer.")
    errors: list[UserError] = problems()


@strawberry.type(description="Roles, and tokens for programs.")
class AccessMutations:
    @mutation(GrantRolePayload, description="Give somebody a role. For administrators.")
    async def grant_role(self, info: UsersInfo, input: GrantRoleInput) -> GrantRolePayload | None:
        request, checks = info.context.request, Checks()
        viewer, user_id = request.require_viewer(), values.UserId(checks.id(input.user_id, "userId"))
        checks.done()
        user = await info.context.services.roles.grant(viewer, user_id, input.role, request.actor)
        return GrantRolePayload(user=user_type(user))

    @mutation(TakeRolePayload, description="Take a role from somebody, within seconds. For administrators.")
    async def take_role(self, info: UsersInfo, input: TakeRoleInput) -> TakeRolePayload | None:
        request, checks = info.context.request, Checks()
        viewer, user_id = request.require_viewer(), values.UserId(checks.id(input.user_id, "userId"))
        checks.done()
        user = await info.context.services.roles.take(viewer, user_id, input.role, request.actor)
        return TakeRolePayload(user=user_type(user))

    @mutation(CreateApiTokenPayload, description="Make a token for a program that acts for you.")
    async def create_api_token(
        self, info: UsersInfo, input: CreateApiTokenInput
    ) -> CreateApiTokenPayload | None:
        request, tokens = info.context.request, info.context.services.api_tokens
        viewer, actor = request.require_viewer(), request.actor
        text, token = await tokens.create(
            viewer, input.name, input.scopes, input.expires_at, input.password, actor
        )
        return CreateApiTokenPayload(secret=ApiTokenSecret(token=text, api_token=api_token_type(token)))

    @mutation(
        ExchangeApiTokenPayload,
        description="Get an access token of minutes for an API token: programs log in so.",
    )
    async def exchange_api_token(
        self, info: UsersInfo, input: ExchangeApiTokenInput
    ) -> ExchangeApiTokenPayload | None:
        tokens = info.context.services.api_tokens
        access = await tokens.exchange(input.token, origin(info.context.request))
        told = Access(access_token=access.text, access_token_expires_at=access.expires_at)
        return ExchangeApiTokenPayload(access=told)

    @mutation(
        RevokeApiTokenPayload,
        description="End one of your API tokens, and what it was exchanged for, within seconds.",
    )
    async def revoke_api_token(
        self, info: UsersInfo, input: RevokeApiTokenInput
    ) -> RevokeApiTokenPayload | None:
        request, checks = info.context.request, Checks()
        viewer, token = request.require_viewer(), values.LoginId(checks.id(input.api_token_id, "apiTokenId"))
        checks.done()
        revoked = await info.context.services.api_tokens.revoke(viewer, token, request.actor)
        return RevokeApiTokenPayload(api_token=api_token_type(revoked))
