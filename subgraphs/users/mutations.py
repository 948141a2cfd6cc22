"""What one can do in the users domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import strawberry

from subgraphs.kit.ids import parse_id
from subgraphs.kit.request import Request
from subgraphs.users.service.accounts import Origin
from subgraphs.users.types import LoginPayload, User, UsersInfo, login_payload, user_type
from subgraphs.users.values import UserId


@strawberry.input
class SignUpInput:
    username: str = strawberry.field(description="3 to 30 letters, digits, _ and . starting with a letter.")
    email: str
    password: str = strawberry.field(description="8 to 128 characters.")
    first_name: str | None = None
    last_name: str | None = None


@strawberry.input
class LoginInput:
    username_or_email: str
    password: str


@strawberry.input(description="A field that is absent stays; null clears it.")
class UpdateProfileInput:
    first_name: str | None = strawberry.UNSET
    last_name: str | None = strawberry.UNSET
    bio: str | None = strawberry.UNSET
    avatar_url: str | None = strawberry.UNSET


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Make an account and log in to it.")
    async def sign_up(self, info: UsersInfo, input: SignUpInput) -> LoginPayload:
        login = await info.context.accounts.sign_up(
            username=input.username,
            email=input.email,
            password=input.password,
            first_name=input.first_name,
            last_name=input.last_name,
            origin=_origin(info.context.request),
        )
        return login_payload(login)

    @strawberry.mutation
    async def login(self, info: UsersInfo, input: LoginInput) -> LoginPayload:
        origin = _origin(info.context.request)
        return login_payload(
            await info.context.accounts.log_in(input.username_or_email, input.password, origin)
        )

    @strawberry.mutation(
        description="A new pair of tokens. The old refresh token is spent; using it again ends the login."
    )
    async def refresh_login(self, info: UsersInfo, refresh_token: str) -> LoginPayload:
        return login_payload(
            await info.context.accounts.refresh(refresh_token, _origin(info.context.request))
        )

    @strawberry.mutation(description="End the login this refresh token belongs to.")
    async def logout(self, info: UsersInfo, refresh_token: str) -> bool:
        await info.context.accounts.log_out(refresh_token)
        return True

    @strawberry.mutation(description="End all your logins, on every device.")
    async def logout_everywhere(self, info: UsersInfo) -> bool:
        await info.context.accounts.log_out_everywhere(UserId(info.context.request.require_viewer().id))
        return True

    @strawberry.mutation
    async def update_profile(self, info: UsersInfo, input: UpdateProfileInput) -> User:
        viewer = info.context.request.require_viewer()
        given = {name: value for name, value in vars(input).items() if value is not strawberry.UNSET}
        return user_type(await info.context.profiles.update(viewer, given))

    @strawberry.mutation
    async def follow_user(self, info: UsersInfo, user_id: strawberry.ID) -> User:
        viewer = info.context.request.require_viewer()
        return user_type(await info.context.profiles.follow(viewer, UserId(parse_id(user_id, "userId"))))

    @strawberry.mutation
    async def unfollow_user(self, info: UsersInfo, user_id: strawberry.ID) -> User:
        viewer = info.context.request.require_viewer()
        return user_type(await info.context.profiles.unfollow(viewer, UserId(parse_id(user_id, "userId"))))


def _origin(request: Request) -> Origin:
    return Origin(request.client_address, request.device)
