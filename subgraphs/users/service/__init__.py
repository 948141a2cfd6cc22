"""What the domain does: `Accounts` (sign-up, login), `Logins` (tokens and sessions), `Credentials`
(passwords and addresses), `Roles` and `ApiTokens` (who and which program may do what), `Organizations`,
`Telegram`, `Departure` (export and deletion), `Profiles` (who people are), `Relations` (who they are to each
other), `Choices` (settings and privacy), `Reporting` (of people to moderators).
"""

from subgraphs.users.service.accounts import Accounts
from subgraphs.users.service.api_tokens import ApiTokens
from subgraphs.users.service.choices import Choices
from subgraphs.users.service.credentials import Credentials
from subgraphs.users.service.departure import Departure
from subgraphs.users.service.logins import Logins
from subgraphs.users.service.organizations import Organizations
from subgraphs.users.service.profiles import Profiles
from subgraphs.users.service.relations import Relations
from subgraphs.users.service.reporting import Reporting
from subgraphs.users.service.roles import Roles
from subgraphs.users.service.telegram import Telegram

__all__ = [
    "Accounts",
    "ApiTokens",
    "Choices",
    "Credentials",
    "Departure",
    "Logins",
    "Organizations",
    "Profiles",
    "Relations",
    "Reporting",
    "Roles",
    "Telegram",
]
