"""What a person can act on in the users domain, beside the kit's InvalidInput, NotFound and Conflict.

UsernameTaken         somebody has it, in whatever case
InvalidCredentials    the same for an unknown name and a wrong password
LoginEnded            the refresh token is spent, revoked or unknown: log in again
SlugTaken             an organization has it
TokenUnusable         a token from a mail is used, expired or unknown: have another one sent
"""

from __future__ import annotations

import strawberry

from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import UserError


@strawberry.type(description="Somebody has the username already, in whatever case.")
class UsernameTaken(UserError):
    username: str = strawberry.field(description="The name that was asked for.")


@strawberry.type(description="The name or the password is wrong. It does not say which.")
class InvalidCredentials(UserError):
    pass


@strawberry.type(description="The login that a refresh token belonged to is over.")
class LoginEnded(UserError):
    pass


@strawberry.type(description="A token that was sent by mail is used, expired or unknown.")
class TokenUnusable(UserError):
    pass


@strawberry.type(description="An organization has the slug already.")
class SlugTaken(UserError):
    slug: str = strawberry.field(description="The slug that was asked for.")


ERRORS = (UsernameTaken, InvalidCredentials, LoginEnded, TokenUnusable, SlugTaken)


def username_taken(username: str) -> Refused:
    message = f"The username {username} is taken."
    return Refused(
        UsernameTaken(message=message, code="USERNAME_TAKEN", path=["username"], username=username)
    )


def invalid_credentials() -> Refused:
    message = "The name or the password is wrong."
    return Refused(InvalidCredentials(message=message, code="INVALID_CREDENTIALS", path=[]))


def login_ended() -> Refused:
    message = "This login has ended. Log in again."
    return Refused(LoginEnded(message=message, code="LOGIN_ENDED", path=["refreshToken"]))


def wrong_password(at: str) -> Refused:
    message = "The password is wrong."
    return Refused(InvalidCredentials(message=message, code="INVALID_CREDENTIALS", path=[at]))


def token_unusable() -> Refused:
    message = "This link was used, has expired or never was. Have another one sent."
    return Refused(TokenUnusable(message=message, code="TOKEN_UNUSABLE", path=["token"]))


def slug_taken(slug: str) -> Refused:
    message = f"The slug {slug} is taken."
    return Refused(SlugTaken(message=message, code="SLUG_TAKEN", path=["slug"], slug=slug))
