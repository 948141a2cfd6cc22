"""The rules of names, emails, passwords and profiles. What they return is what is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.text import is_storable
from subgraphs.kit.validation import Checks

USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*[A-Za-z0-9_]")
EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s.<>()\[\],;:\\\"]+(\.[^@\s.<>()\[\],;:\\\"]+)+")
UPLOADED = re.compile(
    r"/media/profile-images/([0-9a-f-]{36})/avatars/(?:\w+/)?[0-9a-f-]{36}\.(?:jpg|webp|avif)"
)
"""The address of a picture that somebody uploaded as theirs, as the media subgraph tells it."""
PASSWORD_LEAST, PASSWORD_MOST = 8, 128
NAMES = (("first_name", "firstName", "The first name"), ("last_name", "lastName", "The last name"))


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody who signs up says about themselves."""

    username: str
    email: str
    password: str
    first_name: str | None = None
    last_name: str | None = None


def check_sign_up(asked: SignUp) -> SignUp:
    """Raises Refused with every problem. A password is taken as it is."""
    checks = Checks()
    username = checks.line(asked.username, "username", "A username", least=3, most=30)
    checks.require(
        USERNAME.fullmatch(username) is not None,
        "username",
        "A username starts with a letter and has letters, digits, _ and . only, not ending in a dot.",
    )
    email = check_email(asked.email, checks)
    check_password(checks, asked.password, username, email)
    first_name = checks.line(asked.first_name, "firstName", "The first name", least=1, most=100)
    last_name = checks.line(asked.last_name, "lastName", "The last name", least=1, most=100)
    checks.done()
    return SignUp(username, email, asked.password, first_name, last_name)


def check_profile(user_id: UUID, columns: dict[str, str | None], checks: Checks) -> dict[str, str | None]:
    """Raises Refused with every problem."""
    kept = dict(columns)
    for name, at, label in NAMES:
        if name in columns:
            kept[name] = checks.line(columns[name], at, label, least=1, most=100)
    if "bio" in columns:
        kept["bio"] = checks.prose(columns["bio"], "bio", "The bio", most=500)
    if "avatar_url" in columns:
        kept["avatar_url"] = check_avatar(user_id, columns["avatar_url"], checks)
    checks.done()
    return kept


def check_avatar(user_id: UUID, address: str | None, checks: Checks) -> str | None:
    """Anywhere on the web, or the path of a picture that they uploaded as theirs (the media subgraph's)."""
    own = UPLOADED.fullmatch(address or "")
    if own is not None and own[1] == str(user_id):
        return address
    return checks.web_address(address, "avatarUrl", "The avatar's address")


def check_email(email: str, checks: Checks) -> str:
    kept = checks.line(email, "email", "The email", most=255)
    checks.require(EMAIL.fullmatch(kept) is not None, "email", "This is not an email address.")
    return kept


def check_password(checks: Checks, password: str, username: str, email: str, at: str = "password") -> None:
    fits = PASSWORD_LEAST <= len(password) <= PASSWORD_MOST
    length = f"A password has {PASSWORD_LEAST} to {PASSWORD_MOST} characters."
    checks.require(fits, at, length)
    checks.require(is_storable(password), at, "The password is not valid text.")
    same = password.lower() in {username.lower(), email.lower()}
    checks.require(not same, at, "The password must not be the username or the email.")
