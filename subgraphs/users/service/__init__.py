"""What the domain does: `Accounts` (sign-up, passwords), `Logins` (tokens and sessions) and `Profiles` (who
people are to each other).
"""

from subgraphs.users.service.accounts import Accounts
from subgraphs.users.service.logins import Logins
from subgraphs.users.service.profiles import Profiles

__all__ = ["Accounts", "Logins", "Profiles"]
