"""Services that run on their own ask each other where `PLAIT_<DOMAIN>_URL` says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from plait.cli.settings import Settings, SettingsError
from subgraphs.kit.ciphers import cipher_of
from subgraphs.kit.peers import Peer
from subgraphs.registry import DOMAINS
from subgraphs.users.telegram import sign, widget_key
from tests.plait.test_subgraph_command import end, home, post, start

__all__ = ["home"]
BOT = "1:bot"
LOGIN = 'mutation { loginWithTelegram(input: {authorization: "%s"}) { login { accessToken } } }'
CREATE = """mutation { createStudent(input: {displayName: "Stan", phone: "+4930123456"}) {
    student { displayName phone } errors { code ... on PeerFailed { service } } } }"""


@pytest.fixture
def telegram() -> str:
    """What Telegram's widget says of somebody."""
    fields = {"id": "4242", "first_name": "Stan", "auth_date": str(int(datetime.now(UTC).timestamp()))}
    return urlencode(fields | {"hash": sign(fields, widget_key(BOT))})


def test_services_that_run_on_their_own_ask_each_other_over_http(home: Path, telegram: str) -> None:
    users, users_url = start(home, "users", PLAIT_TELEGRAM_BOT_TOKEN=BOT)
    try:
        token = post(users_url, LOGIN % telegram)["data"]["loginWithTelegram"]["login"]["accessToken"]
        students, url = start(home, "students", PLAIT_USERS_URL=users_url)
        try:
            made = post(url, CREATE, token)["data"]["createStudent"]
        finally:
            assert end(students) == 0
        assert made == {"student": {"displayName": "Stan", "phone": "+4930123456"}, "errors": []}
        students, url = start(home, "students", PLAIT_USERS_URL="http://127.0.0.1:1/graphql")
        try:
            refused = post(url, CREATE, token)["data"]["createStudent"]
        finally:
            assert end(students) == 0
        assert refused == {"student": None, "errors": [{"code": "PEER_AWAY", "service": "users"}]}
    finally:
        assert end(users) == 0


def test_every_domain_has_an_address_of_its_own_unless_another_is_given() -> None:
    urls = Settings.from_environment({"PLAIT_GROUPS_URL": "https://groups.example/graphql"}).urls
    assert set(urls) == set(DOMAINS)
    assert len(set(urls.values())) == len(DOMAINS)
    assert urls["users"] == "http://127.0.0.1:4001/graphql"
    assert urls["groups"] == "https://groups.example/graphql"
    with pytest.raises(SettingsError, match="PLAIT_GROUPS_URL: starts with http"):
        Settings.from_environment({"PLAIT_GROUPS_URL": "groups:4007"})


def test_whom_a_domain_asks_may_be_known_after_it_was_built(tmp_path: Path) -> None:
    """`plait up` builds the domains one after the other, and gives each the same mapping."""
    peers: dict[str, Peer] = {}
    config = Settings.from_environment({"PLAIT_HOME": str(tmp_path)}).subgraph_config("media", peers)
    assert config.peers is peers


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    config = Settings.from_environment({"PLAIT_HOME": str(tmp_path)}).subgraph_config("students")
    stored = cipher_of(config).encrypt("+49", "students.phone", 1)
    assert cipher_of(config).decrypt(stored, "students.phone", 1) == "+49"
    assert (tmp_path / "keys" / "encryption.keys").stat().st_mode & 0o777 == 0o600
