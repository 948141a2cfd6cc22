"""Settings: read once from the environment, documented, and refused when they cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.config import StoreUrls
from plait.cli.settings import VARIABLES, Settings, SettingsError

ROOT = Path(__file__).parents[2]


def test_without_variables_everything_lives_in_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({})
    assert settings.home == tmp_path / ".plait"
    assert settings.stores.urls("users") is None
    assert settings.signing.key_file == tmp_path / ".plait" / "keys" / "signing.pem"
    assert settings.tokens.jwks == str(tmp_path / ".plait" / "keys" / "jwks.json")


def test_a_domains_own_url_wins_over_the_common_one() -> None:
    given = {
        "PLAIT_DATABASE_URL": "postgresql://all",
        "PLAIT_MIGRATION_DATABASE_URL": "postgresql://admin",
        "PLAIT_USERS_DATABASE_URL": "postgresql://users",
        "PLAIT_USERS_REPLICA_DATABASE_URL": "postgresql://replica",
    }
    stores = Settings.from_environment(given).stores
    assert stores.urls("users") == StoreUrls("postgresql://users", None, "postgresql://replica")
    assert stores.urls("posts") == StoreUrls("postgresql://all", "postgresql://admin", None)


def test_only_the_users_subgraph_can_sign(tmp_path: Path) -> None:
    settings = Settings.from_environment({"PLAIT_HOME": str(tmp_path), "PLAIT_ACCESS_TOKEN_SECONDS": "60"})
    signing = settings.subgraph_config("users").signing
    assert signing is not None
    assert signing.access_seconds == 60
    assert settings.subgraph_config("posts").signing is None


def test_a_switch_is_on_or_off_and_nothing_else() -> None:
    for given, is_on in (
        ({}, False),
        ({"PLAIT_MEDIA_AVIF": "off"}, False),
        ({"PLAIT_MEDIA_AVIF": "on"}, True),
    ):
        assert Settings.from_environment(given).media.avif is is_on
    with pytest.raises(SettingsError, match="is on or off, not 'yes'"):
        Settings.from_environment({"PLAIT_MEDIA_AVIF": "yes"})


@pytest.mark.parametrize("name", ["PLAIT_USER_DATABASE_URL", "PLAIT_POST_MIGRATION_DATABASE_URL"])
def test_a_misspelt_domain_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="there is no domain"):
        Settings.from_environment({name: "postgresql://x"})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PLAIT_USERS_DATABSE_URL", "PLAIT_USERS_DATABASE_URL"),
        ("PLAIT_REDIS_UR", "PLAIT_REDIS_URL"),
        ("PLAIT_HOMEDIR", "PLAIT_HOME"),
        ("PLAIT_JWK", "PLAIT_JWKS"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest_known_one(name: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f'{name}: .*[.] Did you mean .*"{meant}"'):
        Settings.from_environment({name: "x"})


def test_the_variables_of_compose_yaml_are_not_ours_to_refuse() -> None:
    Settings.from_environment({"PLAIT_POSTGRES_PASSWORD": "x", "PLAIT_SERVICE_PASSWORD": "y"})


def test_an_s3_url_needs_its_keys() -> None:
    with pytest.raises(SettingsError, match="PLAIT_S3_SECRET_KEY: is needed"):
        Settings.from_environment({"PLAIT_S3_URL": "http://s3", "PLAIT_S3_ACCESS_KEY": "a"})


def test_a_payment_provider_needs_its_keys_and_is_given_to_payments_alone() -> None:
    url = {"PLAIT_PAYMENT_URL": "https://api.example/"}
    with pytest.raises(SettingsError, match="PLAIT_PAYMENT_KEY: is needed"):
        Settings.from_environment(url)
    keys = {"PLAIT_PAYMENT_KEY": "sk", "PLAIT_PAYMENT_WEBHOOK_SECRET": "whsec"}
    settings = Settings.from_environment(url | keys)
    provider = settings.subgraph_config("payments").payment_provider
    assert provider is not None
    assert (provider.url, provider.key) == ("https://api.example", "sk")
    assert settings.subgraph_config("tickets").payment_provider is None
    assert "sk" not in repr(provider)


@pytest.mark.parametrize("name", ["operations/stores.md", "configuration.md"])
def test_every_variable_is_documented(name: str) -> None:
    page = (ROOT / "docs" / name).read_text()
    for variable in VARIABLES:
        assert f"`{variable.name}`" in page, variable.name
