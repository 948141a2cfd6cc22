"""Every row of docs/coming-from.md is what `plait config import` does, and its result is valid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from router.config.file import parse_config
from router.config_import import DIALECTS, import_config
from router.config_import.recognise import recognise
from tests.router.config_import.rows import KEYS, ROWS

PAGE = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "coming-from.md"
ROUTERS = ("apollo", "cosmo", "hive")
ENVIRONMENT = {"H": "http://h"}


def table() -> dict[str, list[str]]:
    """What → its cells, from the page."""
    text = PAGE.read_text(encoding="utf-8").partition("## Settings")[2].partition("## Features")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {what: cells for what, *cells in rows if what != "what"}


def value_at(config: Any, key: str) -> Any:
    for step in key.split("."):
        config = (config or {}).get("a.b" if step == "NAME" else step)
    return config


CASES = [(what, router) for what, row in ROWS.items() for router in row]


def test_the_samples_are_of_the_rows_of_the_page_and_of_each_router_that_has_the_setting() -> None:
    on_the_page = {
        (what, router)
        for what, cells in table().items()
        for router, cell in zip(ROUTERS, cells, strict=False)
        if "`" in cell
    }
    assert on_the_page == set(CASES)


@pytest.mark.parametrize(("what", "router"), CASES)
def test_a_row_of_the_page_is_carried_over(what: str, router: str) -> None:
    text, expected = ROWS[what][router]
    imported = import_config(text, router, ENVIRONMENT)
    key = KEYS.get(what) or re.findall(r"`([^`]+)`", table()[what][3])[0]
    assert value_at(imported.config, key) == expected
    parse_config(imported.to_yaml().replace("${file./run/url}", "http://h"), ENVIRONMENT)
    assert any(to.split("[")[0].replace("a.b", "NAME") == key for _, to in imported.carried) or any(
        remark.to and remark.to.replace("a.b", "NAME") == key for remark in imported.remarks
    )


@pytest.mark.parametrize(("what", "router"), CASES)
def test_a_key_of_the_page_leads_to_the_place_in_the_sample(what: str, router: str) -> None:
    cell = table()[what][ROUTERS.index(router)]
    text = yaml.safe_load(ROWS[what][router][0])
    first = re.findall(r"`([^`]+)`", cell)[0].split(".")[0].strip("${}")
    assert first in text or what in ("environment in the file", "secrets in files")


TELLING = [case for case in CASES if case[0] in ("address", "subgraph's address", "headers to subgraphs")]


@pytest.mark.parametrize(("what", "router"), TELLING)
def test_whose_file_it_is_is_found_out(what: str, router: str) -> None:
    document = yaml.safe_load(ROWS[what][router][0])
    if router == "apollo" and what == "headers to subgraphs":
        document["supergraph"] = {"listen": "127.0.0.1:1"}
    if router == "hive" and what == "headers to subgraphs":
        document["supergraph"] = {"source": "file"}
    assert recognise(document, tuple(DIALECTS.values())).name == router
