"""What the domain does: `Accounts` (sign-up, login, tokens) and `Profiles` (who people are to each other)."""

from subgraphs.users.service.accounts import Accounts
from subgraphs.users.service.profiles import Profiles

__all__ = ["Accounts", "Profiles"]
