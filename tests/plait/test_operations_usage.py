"""`plait operations usage`: what routers counted, read from their admin addresses."""

from __future__ import annotations

import json
from typing import Any

import httpx2 as httpx
import pytest
from click.testing import CliRunner, Result

from plait.cli.main import main

REPORTS = {
    "http://one:9090/usage": {
        "since": "2026-01-02T00:00:00Z",
        "fields": [
            {
                "coordinate": "User.name",
                "deprecated": None,
                "clients": [{"name": "web", "requests": 3, "last_used": "2026-01-03T10:00:00Z"}],
            },
            {"coordinate": "User.old", "deprecated": "gone soon", "clients": []},
        ],
    },
    "http://two:9090/usage": {
        "since": "2026-01-01T00:00:00Z",
        "fields": [
            {
                "coordinate": "User.old",
                "deprecated": "gone soon",
                "clients": [{"name": "i\x1b[2Jos", "requests": 1, "last_used": "2026-01-01T10:00:00Z"}],
            }
        ],
    },
}


@pytest.fixture(autouse=True)
def routers(monkeypatch: pytest.MonkeyPatch) -> None:
    def get(url: str, **_: Any) -> httpx.Response:
        if url not in REPORTS:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(200, json=REPORTS[url])

    monkeypatch.setattr(httpx, "get", get)


def usage(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["operations", "usage", *arguments])


def test_one_router_is_told_field_by_field() -> None:
    assert usage("--admin", "http://one:9090").stdout == (
        "since 2026-01-02 00:00 UTC\n"
        "User.name  web 3 (last 2026-01-03 10:00)\n"
        "User.old   not used  deprecated\n"
    )


def test_what_one_router_saw_is_not_unused_and_names_of_clients_are_harmless() -> None:
    one, both = ("--admin", "http://one:9090/"), ("--admin", "http://one:9090", "--admin", "http://two:9090")
    assert "User.old" in usage(*one, "--unused").stdout
    assert usage(*both, "--unused").stdout == "since 2026-01-02 00:00 UTC: nothing\n"
    assert "i?[2Jos 1" in usage(*both).stdout


def test_a_program_reads_json_of_what_one_client_uses() -> None:
    found = json.loads(usage("--admin", "http://one:9090", "--client", "web", "--format", "json").stdout)
    assert [field["coordinate"] for field in found["fields"]] == ["User.name"]
    assert found["since"] == "2026-01-02T00:00:00Z"


def test_an_address_where_nobody_answers_is_one_line() -> None:
    result = usage("--admin", "http://away:9090")
    assert result.exit_code == 1
    assert result.stderr.startswith("error[FIELD_USAGE_NOT_AVAILABLE]: http://away:9090/usage cannot be read")
