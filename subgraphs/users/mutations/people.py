"""Accounts, logins and profiles."""

from __future__ import annotations

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.scalars import URL, EmailAddress
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.users.mutations.origin import origin
from subgraphs.users.service.rules import SignUp
from subgraphs.users.types import Login, Session, User, UsersInfo, login_type, session_type, user_type
from subgraphs.users.values import LoginId, UserId

FIRST_NAME, LAST_NAME = "Up to 100 characters.", "Up to 100 characters."


@strawberry.input(description="A new account.")
class SignUpInput:
    username: str = strawberry.field(description="3 to 30 letters, digits, _ and . starting with a letter.")
    email: EmailAddress = strawberry.field(description="Shown to you and administrators only.")
    password: str = strawberry.field(description="8 to 128 characters.")
    first_name: str | None = strawberry.field(default=None, description=FIRST_NAME)
    last_name: str | None = strawberry.field(default=None, description=LAST_NAME)


@strawberry.input(description="Who logs in.")
class LoginInput:
    username_or_email: str = strawberry.field(
        description="The username, or the address if you have proven it to be yours."
    )
    password: str = strawberry.field(description="As it was chosen.")


@strawberry.input(description="Which login goes on.")
class RefreshLoginInput:
    refresh_token: str = strawberry.field(description="The one from the last login or refresh.")


@strawberry.input(description="Which login ends.")
class LogoutInput:
    refresh_token: str = strawberry.field(description="The one from the last login or refresh.")


@strawberry.input(description="Which logins end.")
class LogoutEverywhereInput:
    except_refresh_token: str | None = strawberry.field(
        default=None, description="The login that stays: this device's. Absent: none."
    )


@strawberry.input(description="Which of your logins ends.")
class EndSessionInput:
    session_id: strawberry.ID = strawberry.field(description="From the sessions of your account.")


@strawberry.input(description="A field that is absent stays; null clears it.")
class UpdateProfileInput:
    first_name: str | None = strawberry.field(default=strawberry.UNSET, description=FIRST_NAME)
    last_name: str | None = strawberry.field(default=strawberry.UNSET, description=LAST_NAME)
    bio: str | None = strawberry.field(default=strawberry.UNSET, description="Up to 500 characters.")
    avatar_url: URL | None = strawberry.field(default=strawberry.UNSET, description="Their picture.")


@payload
class SignUpPayload:
    login: Login | None = outcome("The new account, logged in.")
    errors: list[UserError] = problems()


@payload
class LoginPayload:
    login: Login | None = outcome("The new login.")
    errors: list[UserError] = problems()


@payload
class RefreshLoginPayload:
    login: Login | None = outcome("The login with a new pair of tokens.")
    errors: list[UserError] = problems()


@payload
class LogoutPayload:
    ended_logins: int | None = outcome("How many logins that ended: 1, or 0 when it was over already.")
    errors: list[UserError] = problems()


@payload
class LogoutEverywherePayload:
    ended_logins: int | None = outcome("How many logins that ended.")
    errors: list[UserError] = problems()


@payload
class EndSessionPayload:
    session: Session | None = outcome("The one that is over, as it was.")
    errors: list[UserError] = problems()


@payload
class UpdateProfilePayload:
    user: User | None = outcome("You, as you are now.")
    errors: list[UserError] = problems()


@strawberry.type(description="Accounts, logins and profiles.")
class PeopleMutations:
    @mutation(
        SignUpPayload,
        description="Make an account and log in to it. Its address is not proven yet.",
        is_dear=True,
    )
    async def sign_up(self, info: UsersInfo, input: SignUpInput) -> SignUpPayload | None:
        asked = SignUp(**vars(input))
        login = await info.context.accounts.sign_up(asked, origin(info.context.request))
        return SignUpPayload(login=login_type(login))

    @mutation(LoginPayload, description="Start a login.", is_dear=True)
    async def login(self, info: UsersInfo, input: LoginInput) -> LoginPayload | None:
        where = origin(info.context.request)
        login = await info.context.accounts.log_in(input.username_or_email, input.password, where)
        return LoginPayload(login=login_type(login))

    @mutation(
        RefreshLoginPayload,
        description="A new pair of tokens. The old refresh token is spent: used later, it ends the login.",
    )
    async def refresh_login(self, info: UsersInfo, input: RefreshLoginInput) -> RefreshLoginPayload | None:
        request = info.context.request
        await info.context.services.limits.refresh(request.client_address)
        login = await info.context.logins.refresh(input.refresh_token, origin(request))
        return RefreshLoginPayload(login=login_type(login))

    @mutation(LogoutPayload, description="End the login this refresh token belongs to.")
    async def logout(self, info: UsersInfo, input: LogoutInput) -> LogoutPayload | None:
        ended = await info.context.logins.log_out(input.refresh_token, info.context.request.actor)
        return LogoutPayload(ended_logins=ended)

    @mutation(LogoutEverywherePayload, description="End your logins, on every device but one or on all.")
    async def logout_everywhere(
        self, info: UsersInfo, input: LogoutEverywhereInput
    ) -> LogoutEverywherePayload | None:
        request = info.context.request
        user_id, kept = UserId(request.require_viewer().id), input.except_refresh_token
        ended = await info.context.logins.log_out_everywhere(user_id, kept, request.actor)
        return LogoutEverywherePayload(ended_logins=ended)

    @mutation(EndSessionPayload, description="End one of your logins: its tokens are no good within seconds.")
    async def end_session(self, info: UsersInfo, input: EndSessionInput) -> EndSessionPayload | None:
        request, checks = info.context.request, Checks()
        user_id = UserId(request.require_viewer().id)
        login = LoginId(checks.id(input.session_id, "sessionId"))
        checks.done()
        ended = await info.context.logins.end(user_id, login, request.actor)
        return EndSessionPayload(session=session_type(ended, info))

    @mutation(UpdateProfilePayload, description="Say who you are.")
    async def update_profile(self, info: UsersInfo, input: UpdateProfileInput) -> UpdateProfilePayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        columns = changes(input, checks, clearable={"first_name", "last_name", "bio", "avatar_url"})
        user = await info.context.profiles.update(viewer, columns, checks, info.context.request.actor)
        return UpdateProfilePayload(user=user_type(user))
