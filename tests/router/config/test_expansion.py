"""`${env.X}` and `${file.X}`: what is put in, what is refused, and that no fault shows it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from router.config import RouterConfig
from router.config.expansion import MAX_FILE_BYTES
from router.config.file import load_config, parse_config, read_config_file
from router.errors import ConfigError

SECRET = "s3cr3t-value"
INSERT = "headers: {all: {request: [{insert: {name: x-key, value: '%s'}}]}}"


def inserted(config: RouterConfig) -> str:
    rule = config.headers.all.request[0].insert
    assert rule is not None
    return rule.value


def fault(text: str, folder: Path, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, environment, folder)
    return caught.value.message


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_files_text_is_put_in_without_its_last_line_end(tmp_path: Path, end: str) -> None:
    (tmp_path / "key").write_bytes(f"{SECRET}{end}".encode())
    assert inserted(parse_config(INSERT % "Bearer ${file.key}", {}, tmp_path)) == f"Bearer {SECRET}"


def test_a_relative_file_is_in_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "key").write_text(SECRET)
    path = tmp_path / "router.yaml"
    path.write_text(INSERT % "${file.secrets/key}")
    assert inserted(load_config(path)) == SECRET
    assert read_config_file(path).files == {path, tmp_path / "secrets" / "key"}


def test_an_absolute_file_may_be_anywhere_and_two_dollars_stay_one(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)
    text = INSERT % f"${{file.{tmp_path}/key}} $${{env.X}} ${{env.X:-d}}"
    assert inserted(parse_config(text, {})) == f"{SECRET} ${{env.X}} d"


def test_a_number_and_a_flag_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "limit").write_text("7\n")
    (tmp_path / "flag").write_text("false\n")
    text = "execution: {max_fetches: '${file.limit}'}\nstudio: {enabled: '${file.flag}'}"
    config = parse_config(text, {}, tmp_path)
    assert (config.execution.max_fetches, config.studio.enabled) == (7, False)


def test_a_file_that_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    os.mkfifo(tmp_path / "pipe")
    place = "headers.all.request[0].insert.value: the file"
    for name, reason in [
        ("none", "cannot be read: No such file or directory"),
        ("folder", "cannot be read: it is not a file"),
        ("pipe", "cannot be read: it is not a file"),
        ("bytes", "cannot be read: it is not UTF-8 text"),
        ("large", f"cannot be put in: it is larger than {MAX_FILE_BYTES} bytes"),
    ]:
        assert fault(INSERT % f"${{file.{name}}}", tmp_path) == f"{place} {tmp_path / name} {reason}"


def test_all_faults_of_expansions_are_told_at_once(tmp_path: Path) -> None:
    text = "server: {listen: '${env.A}', graphql_path: '${file.b}', lisen: 1}"
    message = fault(text, tmp_path)
    assert [line.split(":")[0] for line in message.splitlines()] == [
        "server.listen",
        "server.graphql_path",
        "server.lisen",
    ]


@pytest.mark.parametrize("written", ["${HOST}", "${ENV.HOST}", "${env.}", "${secret.x}", "${}"])
def test_an_expansion_of_another_kind_is_refused_and_not_kept_as_text(tmp_path: Path, written: str) -> None:
    message = fault(f"server: {{listen: '{written}'}}", tmp_path)
    assert message.startswith(f"server.listen: {written} is not known; write ${{env.NAME}}")


LEAKS = [
    "subgraphs: {by_name: {users: {url: '%s'}}}",
    "authentication: {jwt: {jwks: [{url: '%s'}]}}",
    "authentication: {jwt: {on_error: '%s'}}",
    "authentication: {jwt: {header_name: 'a %s'}}",
    "subgraphs: {by_name: {users: {http_client: '%s'}}}",
    "subgraphs: {by_name: {users: {timeout_seconds: '%s'}}}",
    "server: {trusted_proxies: ['%s']}",
    "server: {listen: '%s'}",
    "server: {listen: 'host:%s'}",
]


@pytest.mark.parametrize("text", LEAKS)
def test_a_fault_shows_what_was_written_and_never_what_was_put_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(SECRET)
    from_file = fault(text % "${file.key}", tmp_path)
    from_environment = fault(text % "${env.KEY}", tmp_path, KEY=SECRET)
    assert SECRET not in from_file + from_environment
    assert from_file.split(":")[0] == from_environment.split(":")[0]


def test_the_cause_of_a_fault_does_not_show_it_either(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)
    with pytest.raises(ConfigError) as caught:
        parse_config("authentication: {jwt: {on_error: '${file.key}'}}", {}, tmp_path)
    assert SECRET not in str(caught.value.__cause__)


def test_a_value_that_contains_itself_is_a_fault() -> None:
    with pytest.raises(ConfigError, match="contains itself"):
        parse_config("server: &a {listen: *a}", {})
