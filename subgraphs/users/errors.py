"""Errors of the users domain.

UsernameTaken, EmailTaken    CONFLICT
LoginRefused                 UNAUTHENTICATED; the same for an unknown name and a wrong password
RefreshRefused               UNAUTHENTICATED; the client must log in again
"""

from __future__ import annotations

from subgraphs.kit.errors import Conflict, Unauthenticated


class UsernameTaken(Conflict):
    def __init__(self, username: str) -> None:
        super().__init__(f"The username {username} is taken.", field="username")


class EmailTaken(Conflict):
    def __init__(self) -> None:
        super().__init__("There is an account with this email already.", field="email")


class LoginRefused(Unauthenticated):
    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


class RefreshRefused(Unauthenticated):
    def __init__(self) -> None:
        super().__init__("This login has ended. Log in again.")
