"""`plait operations`: published when they fit the supergraph, listed, compared, revoked; a router follows."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import httpx2 as httpx
import pytest
from click.testing import CliRunner, Result

from plait.cli.main import main
from tests.plait.test_router_command import url_of
from tests.support.federation import SUPERGRAPH
from tests.support.router_process import PLAIT, WAIT_SECONDS, router_process

ME, POSTS = "query Me { me { id } }", "query Posts { posts { id } }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.graphql").write_text(SUPERGRAPH)
    return tmp_path


def manifest(folder: Path, **operations: str) -> str:
    path = folder / "manifest.json"
    path.write_text(json.dumps(operations))
    return str(path)


def arguments(folder: Path, command: str, *more: str) -> list[str]:
    options = ["--store", str(folder / "store")] + (["--list", "web"] if command != "list" else [])
    supergraph = ["--supergraph", str(folder / "s.graphql")] if command == "publish" else []
    return ["operations", command, *options, *supergraph, *more]


def run(folder: Path, command: str, *more: str) -> Result:
    return CliRunner().invoke(main, arguments(folder, command, *more))


def published(folder: Path) -> list[str]:
    return sorted(each["id"] for each in json.loads(run(folder, "list", "--format", "json").stdout)["web"])


def test_operations_are_published_once_and_those_before_stay(folder: Path) -> None:
    first = run(folder, "publish", manifest(folder, a=ME))
    second = run(folder, "publish", manifest(folder, a=ME, b=POSTS))
    third = run(folder, "publish", manifest(folder, b=POSTS))
    assert first.stdout == "web: 1 new, 0 known before, 0 others stay\n"
    assert second.stdout == "web: 1 new, 1 known before, 0 others stay\n"
    assert third.stdout == "web: 0 new, 1 known before, 1 others stay\n"
    assert run(folder, "list").stdout == "web: 2\n  a  (unnamed)\n  b  (unnamed)\n"


def test_what_does_not_fit_the_supergraph_is_told_with_its_place_and_nothing_is_published(
    folder: Path,
) -> None:
    result = run(folder, "publish", manifest(folder, a=ME, b="query B {\n  nope\n}", c="{ me {"))
    assert result.exit_code == 1
    place = f"{folder / 'manifest.json'} (b):2:3"
    assert "error[GRAPHQL_VALIDATION_FAILED]: b: Cannot query field 'nope' on type 'Query'." in result.stderr
    assert f"--> {place}" in result.stderr
    assert "error[PARSING_ERROR]: c: Syntax Error" in result.stderr
    assert not (folder / "store").exists()


def test_an_id_never_changes_what_it_stands_for(folder: Path) -> None:
    run(folder, "publish", manifest(folder, a=ME))
    result = run(folder, "publish", manifest(folder, a=POSTS, b=POSTS))
    assert result.exit_code == 1
    assert "error[INVALID_OPERATION_MANIFEST]: already published with another text: 'a'" in result.stderr
    assert published(folder) == ["a"]


def test_diff_shows_what_publishing_would_do_and_does_nothing(folder: Path) -> None:
    run(folder, "publish", manifest(folder, a=ME, b=POSTS))
    same = run(folder, "diff", manifest(folder, a=ME, b=POSTS))
    more = run(folder, "diff", manifest(folder, a=ME, c=POSTS))
    changed = run(folder, "diff", manifest(folder, a=POSTS, b=POSTS), "--format", "json")
    assert (same.exit_code, same.stdout) == (0, "nothing would change\n")
    assert (more.exit_code, more.stdout) == (0, "+ c  (unnamed)\n- b  (unnamed)\n")
    assert changed.exit_code == 1
    assert [each["id"] for each in json.loads(changed.stdout)["changed"]] == ["a"]
    assert published(folder) == ["a", "b"]


def test_revoked_operations_are_gone_all_or_none(folder: Path) -> None:
    run(folder, "publish", manifest(folder, a=ME, b=POSTS))
    wrong = run(folder, "revoke", "a", "nope")
    assert (wrong.exit_code, published(folder)) == (1, ["a", "b"])
    assert "not in the list 'web': nope" in wrong.stderr
    assert run(folder, "revoke", "a").stdout == "revoked a  (unnamed)\n"
    assert published(folder) == ["b"]


@pytest.mark.parametrize("name", ["../evil", "", "a/b", ".hidden"])
def test_a_list_is_a_file_of_the_store_and_nothing_else(folder: Path, name: str) -> None:
    result = run(folder, "publish", manifest(folder, a=ME), "--list", name)
    assert result.exit_code == 1
    assert "is no name of a list" in result.stderr


def test_publications_at_the_same_time_lose_nothing(folder: Path) -> None:
    processes = []
    for number in range(4):
        path = folder / f"{number}.json"
        path.write_text(json.dumps({f"op-{number}": ME}))
        command = [*PLAIT, *arguments(folder, "publish", str(path))]
        processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr))
    assert [process.wait(WAIT_SECONDS) for process in processes] == [0] * 4
    assert published(folder) == [f"op-{number}" for number in range(4)]


def test_a_running_router_takes_over_what_is_published_and_revoked_and_keeps_what_it_has(
    folder: Path,
) -> None:
    run(folder, "publish", manifest(folder, a="{ __typename }"))
    config = folder / "router.yaml"
    config.write_text(f"persisted_operations: {{mode: require-id, sources: ['{folder / 'store'}']}}")
    with router_process(folder / "s.graphql", "--config", str(config)) as process:
        url = url_of(process)

        def status(id_: str) -> int:
            return httpx.post(url, json={"documentId": id_}).status_code

        assert (status("a"), status("b")) == (200, 404)
        run(folder, "publish", manifest(folder, b="query B { __typename }"))
        eventually(lambda: status("b") == 200)
        (folder / "store" / "web.json").write_text("{")
        process.wait_for("Published operations are not taken over; those before stay")
        assert (status("a"), status("b")) == (200, 200)
        (folder / "store" / "web.json").unlink()
        run(folder, "publish", manifest(folder, b="query B { __typename }"))
        eventually(lambda: status("a") == 404)
        assert status("b") == 200
        assert process.interrupt() == 0


def eventually(holds: object) -> None:
    assert callable(holds)
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
