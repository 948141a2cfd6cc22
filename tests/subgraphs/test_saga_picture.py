"""The saga of a seat and its money, as payments' page draws it: the messages on its arrows are those that the
other domain acts on, and that this one tells.
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from subgraphs.payments.repository import heard as heard_by_payments
from subgraphs.payments.repository import provider_word as told_by_payments
from subgraphs.tickets.repository import heard as heard_by_tickets
from subgraphs.tickets.repository import messages as told_by_tickets

PAGE = Path(__file__).parents[2] / "docs" / "domains" / "payments.md"
ARROW = r"^    {}-->>{}: (.+)$"
NAMED = re.compile(r"(?<!\w)(-?[A-Z][a-z]+(?:[A-Z][a-z]+)*)(?=[ ,]|$)")


def drawn(teller: str, hearer: str) -> set[str]:
    """The messages on the arrows between two, `A, -B` written out."""
    arrows = re.findall(ARROW.format(teller, hearer), PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = [each for arrow in arrows for each in NAMED.findall(re.sub(r"\([^)]*\)", "", arrow))]
    (family,) = {re.sub(r"(?<!^)[A-Z].*", "", each) for each in named if not each.startswith("-")}
    return {f"{family}{each[1:]}" if each.startswith("-") else each for each in named}


def acted_on(hearing: object) -> set[str]:
    """The words that a hearer's `match` tells apart."""
    tree = ast.parse(inspect.getsource(hearing))  # type: ignore[arg-type]
    matched = [node.value for node in ast.walk(tree) if isinstance(node, ast.MatchValue)]
    return {each.value for each in matched if isinstance(each, ast.Constant)}


@pytest.mark.parametrize(
    ("teller", "hearer", "hearing", "telling"),
    [
        ("T", "Y", heard_by_payments.hear_of_registrations, told_by_tickets),
        ("Y", "T", heard_by_tickets.hear_of_payments, told_by_payments),
    ],
    ids=["tickets to payments", "payments to tickets"],
)
def test_the_messages_of_the_picture_are_told_by_one_and_acted_on_by_the_other(
    teller: str, hearer: str, hearing: object, telling: ModuleType
) -> None:
    picture = drawn(teller, hearer)
    assert picture == acted_on(hearing)
    told = inspect.getsource(telling)
    assert all(f'"{each}"' in told for each in picture)
