"""Bringing in input: normalized, checked all at once, and closed sets read permissively."""

from __future__ import annotations

from enum import Enum
from uuid import uuid4

import pytest
import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.enums import describe_enum, known, known_or
from subgraphs.kit.errors import Refused
from subgraphs.kit.text import is_blank, line, prose
from subgraphs.kit.validation import NO_ID, Checks


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.input
class Edit:
    title: str | None = strawberry.UNSET
    starts_at: str | None = strawberry.UNSET
    venue_id: str | None = strawberry.UNSET


def problems(checks: Checks) -> list[tuple[str, ...]]:
    with pytest.raises(Refused) as caught:
        checks.done()
    return [tuple(error.path) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  Ann  ", "Ann"), ("Chess \t night\n", "Chess night"), ("e\u0301", "é"), ("\u00a0x\u2003y", "x y")],
)
def test_a_line_is_stored_one_way(given: str, kept: str) -> None:
    assert line(given) == kept
    assert line(kept) == kept


def test_prose_keeps_its_lines() -> None:
    assert prose(" one\r\ntwo\rthree \n\n") == "one\ntwo\nthree"


def test_what_cannot_be_seen_is_blank() -> None:
    assert is_blank("\u200b\u00a0\u2060 ")
    assert not is_blank("\u200bx")


def test_problems_are_collected_each_at_its_place_and_the_first_of_a_place_is_told() -> None:
    checks = Checks()
    assert checks.line(" Ann ", "name", "A name", least=1, most=10) == "Ann"
    checks.line("\0" * 20, "title", "A title", least=1, most=10)
    checks.web_address("ftp://x", ("images", 1, "url"), "An address")
    assert checks.id("nonsense", "userId") == NO_ID
    assert checks.id(str(wanted := uuid4()), "other") == wanted
    assert (checks.serial("7", "genreId"), checks.serial("٣", ("genreIds", 0))) == (7, 0)
    assert problems(checks) == [("title",), ("images", "1", "url"), ("userId",), ("genreIds", "0")]


def test_an_edit_keeps_what_is_absent_clears_what_may_be_empty_and_names_the_rest() -> None:
    checks = Checks()
    assert changes(Edit(title="x"), checks) == {"title": "x"}
    assert changes(Edit(venue_id=None), checks, clearable={"venue_id"}) == {"venue_id": None}
    checks.done()
    assert changes(Edit(starts_at=None, title=None), checks) == {}
    assert sorted(problems(checks)) == [("startsAt",), ("title",)]


def test_values_that_only_a_newer_version_knows_mean_nothing_here() -> None:
    assert known(Colour, ["red", "green", 7, None]) == {Colour.RED}
    assert known_or("green", Colour.BLUE) is Colour.BLUE
    assert known_or("red", Colour.BLUE) is Colour.RED


def test_a_value_without_a_description_is_refused() -> None:
    with pytest.raises(ValueError, match="every value of Colour needs a description"):
        describe_enum(Colour, "Colour", "A colour.", {"RED": "Like blood."})
