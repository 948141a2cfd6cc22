"""Money in minor units, and keys that are made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError

from subgraphs.kit.errors import Refused
from subgraphs.kit.key_files import made_once
from subgraphs.kit.money import Amount, check_currency
from subgraphs.kit.scalars import SCALARS, MinorUnits, strawberry_config
from subgraphs.kit.validation import Checks

SCALAR: Any = SCALARS[MinorUnits]
MOST = 2**53 - 1


@strawberry.type
class Query:
    @strawberry.field
    def same(self, of: MinorUnits) -> MinorUnits:
        return of


SCHEMA = strawberry.Schema(Query, config=strawberry_config())


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (0, "EUR", "0.00 EUR"),
        (5, "EUR", "0.05 EUR"),
        (5, "JPY", "5 JPY"),
        (5, "BHD", "0.005 BHD"),
        (MOST, "EUR", "90071992547409.91 EUR"),
        (MOST, "JPY", "9007199254740991 JPY"),
    ],
)
def test_an_amount_is_written_with_its_currencys_digits(minor: int, currency: str, shown: str) -> None:
    assert str(Amount(minor, currency)) == shown


@pytest.mark.parametrize("code", ["EURO", "eur", "XAU", "XXX", "", "E\0R"])
def test_what_is_no_currency_with_minor_units_is_refused(code: str) -> None:
    checks = Checks()
    check_currency(checks, code, "currency")
    with pytest.raises(Refused):
        checks.done()


@pytest.mark.parametrize("value", [0, 1, MOST, 5.0])
def test_minor_units_are_whole_and_exact(value: float) -> None:
    assert SCALAR.parse_value(value) == value


@pytest.mark.parametrize(
    "value", [-1, MOST + 1, 1.5, "1", True, None, [1], 1e308, float("nan"), float("inf")]
)
def test_what_is_no_number_of_minor_units_is_refused(value: object) -> None:
    with pytest.raises(GraphQLError, match="whole number from 0 to 9007199254740991"):
        SCALAR.parse_value(value)


@pytest.mark.parametrize(("literal", "same"), [("0", 0), ("9007199254740991", MOST)])
async def test_a_literal_says_the_same(literal: str, same: int) -> None:
    assert (await SCHEMA.execute(f"{{ same(of: {literal}) }}")).data == {"same": same}


@pytest.mark.parametrize("literal", ["-1", "9007199254740992", "99999999999999999999", "1.0", '"1"', "true"])
async def test_a_literal_that_is_no_number_of_minor_units_is_refused(literal: str) -> None:
    answer = await SCHEMA.execute(f"{{ same(of: {literal}) }}")
    assert answer.errors is not None
    assert "whole number" in answer.errors[0].message


def test_of_many_who_make_a_key_at_once_all_get_the_first(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one.pem"

    def make(number: int) -> bytes:
        return made_once(path, lambda: str(number).encode())

    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(make, range(64)))
    assert made == {path.read_bytes()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["one.pem"]
