"""What the domain does: `Accounts` (sign-up, login), `Logins` (tokens and sessions), `Credentials`
(passwords and addresses), `Departure` (export and deletion), `Profiles` (who people are to each other).
"""

from subgraphs.users.service.accounts import Accounts
from subgraphs.users.service.credentials import Credentials
from subgraphs.users.service.departure import Departure
from subgraphs.users.service.logins import Logins
from subgraphs.users.service.profiles import Profiles

__all__ = ["Accounts", "Credentials", "Departure", "Logins", "Profiles"]
