"""The rules of names, emails, passwords and profiles."""

from __future__ import annotations

import re

from subgraphs.kit.validation import Checks

USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*[A-Za-z0-9_]")
EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s.<>()\[\],;:\\\"]+(\.[^@\s.<>()\[\],;:\\\"]+)+")
PASSWORD_LEAST, PASSWORD_MOST = 8, 128


def check_sign_up(
    username: str, email: str, password: str, first_name: str | None, last_name: str | None
) -> None:
    """Raises BadUserInput with every problem."""
    checks = Checks()
    checks.require(3 <= len(username) <= 30, "username", "A username has 3 to 30 characters.")
    checks.require(
        USERNAME.fullmatch(username) is not None,
        "username",
        "A username starts with a letter and has letters, digits, _ and . only, not ending in a dot.",
    )
    checks.text(email, "email", "The email", most=255)
    checks.require(EMAIL.fullmatch(email) is not None, "email", "This is not an email address.")
    checks.require(
        PASSWORD_LEAST <= len(password) <= PASSWORD_MOST,
        "password",
        f"A password has {PASSWORD_LEAST} to {PASSWORD_MOST} characters.",
    )
    checks.text(password, "password", "The password", most=PASSWORD_MOST)
    same = password.lower() in {username.lower(), email.lower()}
    checks.require(not same, "password", "The password must not be the username or the email.")
    check_names(checks, first_name, last_name)
    checks.done()


def check_profile(columns: dict[str, str | None]) -> None:
    """Raises BadUserInput with every problem."""
    checks = Checks()
    check_names(checks, columns.get("first_name"), columns.get("last_name"))
    checks.text(columns.get("bio"), "bio", "The bio", most=500)
    checks.web_address(columns.get("avatar_url"), "avatarUrl", "The avatar's address")
    checks.done()


def check_names(checks: Checks, first_name: str | None, last_name: str | None) -> None:
    checks.text(first_name, "firstName", "The first name", least=1, most=100)
    checks.text(last_name, "lastName", "The last name", least=1, most=100)
