"""Why a key or a partner's request is refused. No message says a key or a part of one.

RouterError
└── PartnerStoreError         for operators: PartnerExists, PartnerNotFound, PartnerKeyNotFound,
                              PartnerTagUnknown
RequestError
├── KeyRefused                401, and whose key it was where that is known
│   ├── KeyMalformed   KeyUnknown   KeyExpired   KeyRevoked   KeyRequired
│   └── KeyAmbiguous          400
├── OriginRefused             403
├── QuotaExceeded             429, with Retry-After
│   └── BudgetExceeded
└── PartnersUnavailable       503: what is not known closes, and opens nothing
    └── ContractUnusable
"""

from __future__ import annotations

import math

from router.errors import RequestError, RouterError

RETRY_SECONDS = 5
CHALLENGE = ("www-authenticate", 'Bearer realm="partners"')


class PartnerStoreError(RouterError):
    """Partners cannot be read or written."""

    code = "INVALID_PARTNER_STORE"


class PartnerExists(PartnerStoreError):
    code = "PARTNER_EXISTS"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a partner {name!r} already: change it with `set`, its keys with `rotate`."
        )


class PartnerTagUnknown(PartnerStoreError):
    code = "PARTNER_TAG_UNKNOWN"

    def __init__(self, tag: str, hint: str) -> None:
        super().__init__(
            f"Nothing in the supergraph has the tag {tag!r}, so the contract would not hold.{hint}"
        )


class PartnerNotFound(PartnerStoreError):
    code = "PARTNER_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no partner {name!r}; `plait partner list` has them.")


class PartnerKeyNotFound(PartnerStoreError):
    code = "PARTNER_KEY_NOT_FOUND"

    def __init__(self, name: str, id_: str) -> None:
        super().__init__(f"Partner {name!r} has no key {id_!r}; `plait partner list` has their ids.")


class KeyRefused(RequestError):
    """`partner` is whose key it was: for the operator, not for the client."""

    reason = ""

    def __init__(self, partner: str | None = None, *, status: int = 401) -> None:
        self.partner = partner
        super().__init__(self.reason, status=status, headers=[CHALLENGE] if status == 401 else ())


class KeyMalformed(KeyRefused):
    code = "PARTNER_KEY_MALFORMED"
    reason = "This is no partner key: its form or its checksum is wrong. Copy it again, all of it."


class KeyUnknown(KeyRefused):
    code = "PARTNER_KEY_UNKNOWN"
    reason = "The partner key is not known here. Was it made for another router?"


class KeyExpired(KeyRefused):
    code = "PARTNER_KEY_EXPIRED"
    reason = "The partner key has expired. Use the one it was rotated to, or ask for a new one."


class KeyRevoked(KeyRefused):
    code = "PARTNER_KEY_REVOKED"
    reason = "The partner key was revoked. Ask for a new one."


class KeyRequired(KeyRefused):
    code = "PARTNER_KEY_REQUIRED"
    reason = "Send a partner key: this router serves partners alone."


class KeyAmbiguous(KeyRefused):
    code = "PARTNER_KEY_AMBIGUOUS"
    reason = "The request carries different partner keys. Send one."


class OriginRefused(RequestError):
    code = "PARTNER_ORIGIN_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__("Pages of this origin may not use this partner key.", status=403)


class QuotaExceeded(RequestError):
    """`seconds` until the day is over."""

    code = "PARTNER_QUOTA_EXCEEDED"
    what = "operations"

    def __init__(self, limit: int, seconds: float) -> None:
        super().__init__(
            f"Today's {limit} of {self.what} are used up; the next day begins at midnight, UTC.",
            status=429,
            headers=[("retry-after", str(max(1, math.ceil(seconds))))],
        )


class BudgetExceeded(QuotaExceeded):
    code = "PARTNER_BUDGET_EXCEEDED"
    what = "cost"


class PartnersUnavailable(RequestError):
    """Who the partners are, or what they have used, is not known just now."""

    code = "PARTNERS_UNAVAILABLE"
    reason = "Partner keys cannot be checked just now. Try again soon."

    def __init__(self) -> None:
        super().__init__(self.reason, status=503, headers=[("retry-after", str(RETRY_SECONDS))])


class ContractUnusable(PartnersUnavailable):
    """It leaves no valid schema of the graph in force; nothing is shown instead."""

    code = "PARTNER_CONTRACT_UNUSABLE"
    reason = "The partner's contract does not fit the graph just now."
