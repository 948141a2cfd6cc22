"""Renaming imports for the wheel."""

from __future__ import annotations

import pytest

from scripts.wheel_layout import rewritten

CHECKOUT = """\
from schema import compose

def late():
    from router.app import (
        Router,
    )
    return Router
"""

WHEEL = """\
from plait.schema import compose

def late():
    from plait.router.app import (
        Router,
    )
    return Router
"""


def test_every_import_of_what_moves_is_renamed_wherever_it_stands() -> None:
    assert rewritten(CHECKOUT) == WHEEL


def test_text_that_looks_like_an_import_and_other_packages_stay() -> None:
    source = (
        '"""from router import Router"""\nfrom schematics import x\nfrom dbm import open\nfrom . import db\n'
    )
    assert rewritten(source) == source


def test_an_import_after_a_letter_of_several_bytes_is_renamed() -> None:
    assert rewritten('"é"; from db.urls import parse_url\n') == '"é"; from plait.db.urls import parse_url\n'


def test_an_import_that_binds_a_short_name_is_refused() -> None:
    with pytest.raises(ValueError, match="from … import"):
        rewritten("import router.app\n")
