"""Money as it is stored and sent: a whole number of the currency's minor units, and its ISO 4217 code.

1250 EUR is 12.50 €, 1250 JPY is 1250 ¥ and 1250 BHD is 1.250 dinars: `exponent` says how many digits are
behind the point. Numbers stay below 2^53, so that every client's JSON keeps them exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import strawberry
from iso4217 import Currency
from strawberry import federation

from subgraphs.kit.partner import PARTNER
from subgraphs.kit.scalars import MinorUnits
from subgraphs.kit.user_errors import Path
from subgraphs.kit.validation import Checks


@dataclass(frozen=True, slots=True)
class Amount:
    minor: int
    currency: str

    def __str__(self) -> str:
        """For people who know the code: `12.50 EUR`. One that is no longer of ISO 4217 had two digits."""
        digits = exponents().get(self.currency, 2)
        return f"{Decimal(self.minor).scaleb(-digits):.{digits}f} {self.currency}"


@federation.type(shareable=True, tags=[PARTNER], description="An amount of money.")
class Money:
    amount_minor: MinorUnits = strawberry.field(
        description="In the currency's minor units: 1250 is 12.50 EUR, 1250 JPY and 1.250 BHD."
    )
    currency: str = strawberry.field(description="The currency's ISO 4217 code: EUR.")
    formatted: str = strawberry.field(description="For people who know the code: 12.50 EUR.")


def money_type(amount: Amount) -> Money:
    return Money(amount_minor=MinorUnits(amount.minor), currency=amount.currency, formatted=str(amount))


@cache
def exponents() -> dict[str, int]:
    """The currencies of ISO 4217 that have minor units, zero or more; gold and test codes have none."""
    return {each.code: each.exponent for each in Currency if each.exponent is not None}


def check_currency(checks: Checks, code: str, at: str | Path) -> str:
    checks.require(code in exponents(), at, "A currency is an ISO 4217 code: EUR.")
    return code
