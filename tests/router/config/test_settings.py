"""Settings by their keys: found, described, with examples that are valid; the schema that editors use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from router.config.example import example_of
from router.config.explain import explain
from router.config.file import parse_config
from router.config.fixed import FIXED
from router.config.schema import config_schema
from router.config.settings import ROOT, Setting, all_settings, find_setting
from router.errors import ConfigError

SETTINGS = list(all_settings())
SCHEMA = config_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def faults(document: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(document)]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_found_by_its_key_and_has_a_description_and_a_valid_example(
    setting: Setting,
) -> None:
    assert find_setting(setting.key) == setting
    assert setting.description
    example = example_of(setting)
    assert example is not None
    parse_config(example, {})
    assert faults(yaml.safe_load(example)) == []
    last = setting.key.rsplit(".", 1)[-1].removesuffix("[]")
    assert f"{last}:" in example


def test_names_and_indexes_are_taken_for_what_they_stand_for() -> None:
    assert find_setting("subgraphs.by_name.users.url").key == "subgraphs.by_name.NAME.url"
    assert find_setting("headers.all.request[3].insert.name").key == "headers.all.request[].insert.name"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("servr", 'servr: unknown key. Did you mean "server"'),
        ("server.lisen", 'server.lisen: unknown key. Did you mean "listen"'),
        ("subgraphs.by_name.users.ulr", 'subgraphs.by_name.users.ulr: unknown key. Did you mean "url"'),
        ("server.listen.port", "server.listen.port: unknown key. server.listen has no keys beneath it."),
        ("server.listen[0]", "server.listen[0]: unknown key."),
        ("server..listen", "'server..listen' is no key"),
        ("", "'' is no key"),
        ("[0]", "'[0]' is no key"),
        ("a b", "a b: unknown key."),
    ],
)
def test_an_unknown_key_is_told_with_what_was_meant(key: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_setting(key)
    assert caught.value.message.startswith(message)


def test_types_units_and_defaults_are_told() -> None:
    found = explain("subgraphs.defaults.timeout_seconds")
    assert (found.type, found.unit, found.default) == ("number > 0", "seconds", "30.0")
    assert explain("server.max_request_bytes").unit == "bytes"
    assert explain("subgraphs.by_name.users.http_client").type == "one of httpx, native"
    assert explain("subgraphs.by_name.users.url").default == "not set"
    assert explain("headers.all.request[].insert.name").required
    assert [key for key, _ in explain("batching").keys] == ["batching.enabled", "batching.max_operations"]


def test_what_needs_a_restart_is_a_setting_and_says_so() -> None:
    keys = {setting.key for setting in SETTINGS}
    sections = {key.rpartition(".")[0] for key in keys}
    assert all(key in keys or any(f"{name}.".startswith(f"{key}.") for name in sections) for key in FIXED)
    assert explain("telemetry.access_log.file").needs_restart
    assert explain("persisted_operations.sources").needs_restart
    assert not explain("persisted_operations.mode").needs_restart
    assert explain("server.listen").needs_restart
    assert not explain("subgraphs.defaults.timeout_seconds").needs_restart


def origins(key: str, text: str, folder: Path, **environment: str) -> list[tuple[str, str | None, str]]:
    path = folder / "router.yaml"
    path.write_text(text)
    found = explain(key, file=path, environment=environment).origins
    return [(o.place, o.written, o.source.replace(str(path), "router.yaml")) for o in found]


def test_a_value_is_told_with_its_line_its_variable_or_its_file_and_never_its_secret(tmp_path: Path) -> None:
    text = (
        "server:\n  listen: '${env.HOST:-127.0.0.1}:80'\n  workers: 2\n"
        "headers:\n  all:\n    request:\n      - insert: {name: x, value: '${file.key}'}\n"
    )
    key = "server.listen"
    written = "${env.HOST:-127.0.0.1}:80"
    assert origins("server.workers", text, tmp_path) == [("server.workers", "2", "router.yaml:3")]
    assert origins(key, text, tmp_path, HOST="10.9.8.7") == [
        (key, written, "router.yaml:2; from the environment variable HOST")
    ]
    assert origins(key, text, tmp_path) == [
        (key, written, "router.yaml:2; the environment variable HOST is not set: its default is taken")
    ]
    assert origins("headers.all.request[].insert.value", text, tmp_path) == [
        ("headers.all.request[0].insert.value", "${file.key}", "router.yaml:7; from the file key")
    ]
    assert origins("studio.enabled", text, tmp_path) == [
        ("studio.enabled", None, "the default; router.yaml does not say it")
    ]


def test_a_merged_key_is_told_where_it_is_written(tmp_path: Path) -> None:
    text = "subgraphs:\n  by_name:\n    a: &a {timeout_seconds: 3}\n    b: {<<: *a, deduplicate: false}\n"
    assert origins("subgraphs.by_name.b.timeout_seconds", text, tmp_path) == [
        ("subgraphs.by_name.b.timeout_seconds", "3", "router.yaml:3")
    ]


def test_the_schema_is_one_and_has_no_address_of_its_own() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert "$id" not in str(SCHEMA)


def test_the_schema_allows_no_key_beside_those_it_lists() -> None:
    for name, definition in SCHEMA["$defs"].items():
        assert definition["additionalProperties"] is False, name


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"server": {"listen": "0.0.0.0:80", "workers": 4}},
        {"server": {"workers": "${env.WORKERS:-4}", "max_request_bytes": "${file.size}"}},
        {"subgraphs": {"by_name": {"users": {"timeout_seconds": 5, "http_client": "${env.CLIENT}"}}}},
        {"studio": {"enabled": "${env.STUDIO}"}},
    ],
)
def test_a_file_that_is_valid_fits_the_schema(document: Any) -> None:
    assert faults(document) == []


@pytest.mark.parametrize(
    "document",
    [
        {"servr": {}},
        {"server": {"workers": 0}},
        {"server": {"workers": "four"}},
        {"server": {"graphql_path": "graphql"}},
        {"subgraphs": {"by_name": {"users": {"http_client": "curl"}}}},
        {"headers": {"all": {"request": [{"insert": {"value": "x"}}]}}},
        {"studio": {"enabled": "yes"}},
    ],
)
def test_a_file_that_is_not_valid_does_not_fit_the_schema(document: Any) -> None:
    assert faults(document) != []


def test_the_sections_are_those_of_the_configuration() -> None:
    assert {"server", "subgraphs", "headers"} <= {child.key for child in ROOT.children()}
