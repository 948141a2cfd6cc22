"""Logging in by Telegram, and linking it."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.users.mutations.origin import origin
from subgraphs.users.telegram import read_web_app
from subgraphs.users.types import Login, User, UsersInfo, login_type, user_type

SAID = "What Telegram's login widget hands over, as a query string: id=…&auth_date=…&hash=…. Good once."


@strawberry.input(description="Telegram's word for who logs in.")
class LoginWithTelegramInput:
    authorization: str = strawberry.field(description=SAID)


@strawberry.input(description="Telegram's word for who opened a Web App.")
class LoginWithTelegramWebAppInput:
    init_data: str = strawberry.field(description="`Telegram.WebApp.initData`, as it is. Good once.")


@strawberry.input(description="Telegram's word for whose account is linked to yours.")
class LinkTelegramInput:
    authorization: str = strawberry.field(description=SAID)


@strawberry.input(description="That your account is linked to Telegram no longer.")
class UnlinkTelegramInput:
    password: str = strawberry.field(description="The one you log in with: you need it from then on.")


@payload
class LoginWithTelegramPayload:
    login: Login | None = outcome("The new login, to an account that was made if there was none.")
    errors: list[UserError] = problems()


@payload
class LoginWithTelegramWebAppPayload:
    login: Login | None = outcome("The new login, to an account that was made if there was none.")
    errors: list[UserError] = problems()


@payload
class LinkTelegramPayload:
    user: User | None = outcome("You, linked.")
    errors: list[UserError] = problems()


@payload
class UnlinkTelegramPayload:
    user: User | None = outcome("You, without it.")
    errors: list[UserError] = problems()


@strawberry.type(description="Telegram.")
class TelegramMutations:
    @mutation(LoginWithTelegramPayload, description="Start a login by Telegram; the first makes an account.")
    async def login_with_telegram(
        self, info: UsersInfo, input: LoginWithTelegramInput
    ) -> LoginWithTelegramPayload | None:
        where = origin(info.context.request)
        login = await info.context.services.telegram.log_in(input.authorization, where)
        return LoginWithTelegramPayload(login=login_type(login))

    @mutation(
        LoginWithTelegramWebAppPayload,
        description="Start a login from a Web App within Telegram; the first makes an account.",
    )
    async def login_with_telegram_web_app(
        self, info: UsersInfo, input: LoginWithTelegramWebAppInput
    ) -> LoginWithTelegramWebAppPayload | None:
        where, telegram = origin(info.context.request), info.context.services.telegram
        login = await telegram.log_in(input.init_data, where, read_web_app)
        return LoginWithTelegramWebAppPayload(login=login_type(login))

    @mutation(LinkTelegramPayload, description="Link your account to Telegram, to log in by it.")
    async def link_telegram(self, info: UsersInfo, input: LinkTelegramInput) -> LinkTelegramPayload | None:
        request, telegram = info.context.request, info.context.services.telegram
        viewer, address = request.require_viewer(), request.client_address
        user = await telegram.link(viewer, input.authorization, address, request.actor)
        return LinkTelegramPayload(user=user_type(user))

    @mutation(UnlinkTelegramPayload, description="Unlink your account from Telegram.")
    async def unlink_telegram(
        self, info: UsersInfo, input: UnlinkTelegramInput
    ) -> UnlinkTelegramPayload | None:
        request = info.context.request
        viewer, telegram = request.require_viewer(), info.context.services.telegram
        user = await telegram.unlink(viewer, input.password, request.actor)
        return UnlinkTelegramPayload(user=user_type(user))
