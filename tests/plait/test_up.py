"""`plait up` as a person meets it: a real process, a real PostgreSQL, real signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from plait.cli.first_operation import FIRST_OPERATION
from plait.cli.seed import demo_logins
from subgraphs.kit.demo.pictures.book import BUCKETS
from subgraphs.registry import DOMAINS
from tests.support.http import post, run
from tests.support.processes import Process, running

GRAPHQL = r"(http://[\d.:]+/graphql)"
PICTURES = """{
    posts(first: 100) { nodes { images { url } author { avatarUrl } } }
    artists(first: 50) { nodes { avatarUrl albums { nodes { coverUrl } } } } }"""
NOT_SERVED = (
    "/media/post-images/demo/absent-1.webp",
    "/media/post-images/private/hiking-1.webp",
    "/media/other-bucket/demo/hiking-1.webp",
    "/media/post-images/demo/../../profile-images/demo/person-1.webp",
    "/media/post-images/demo/..%2f..%2fprofile-images%2fdemo%2fperson-1.webp",
    "/media/post-images/demo/",
)
pytestmark = pytest.mark.xdist_group("up")


def up(home: Path, *options: str) -> Process:
    return Process(["up", *(options or ("--port=0",))], {"PLAIT_HOME": str(home)}, home.parent)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has been up once, so that later starts are quick."""
    home = tmp_path_factory.mktemp("up") / "home"
    process = up(home)
    process.wait_for("Ctrl-C stops everything")
    assert process.stop() == 0, process.text
    return home


def test_the_first_operation_crosses_four_services_and_has_no_errors(home: Path) -> None:
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home.parent) as process:
        url = process.wait_for(GRAPHQL)[1]
        body = {"query": FIRST_OPERATION}
        answer = json.loads(post(url, body, {"Apollo-Expose-Query-Plan": "true"})[1])
    assert "errors" not in answer
    assert len(answer["data"]["events"]["nodes"]) == 3
    plan = json.dumps(answer["extensions"]["apolloQueryPlan"]["object"])
    assert all(f'"serviceName": "{name}"' in plan for name in ("users", "posts", "catalog", "events"))


def test_every_picture_of_the_demo_world_is_there(home: Path) -> None:
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home.parent) as process:
        url = process.wait_for(GRAPHQL)[1]
        origin = url.removesuffix("/graphql")
        addresses = set(pictures(run(url, PICTURES)))
        assert len(addresses) > 60
        assert {address.split("/")[2] for address in addresses} == set(BUCKETS)
        for address in sorted(addresses):
            with urllib.request.urlopen(origin + address, timeout=30) as answer:
                data = answer.read()
                assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
                assert answer.headers["x-content-type-options"] == "nosniff"
            with Image.open(BytesIO(data)) as image:
                image.load()
                assert image.format == "WEBP"
        some = min(addresses)
        seen = urllib.request.Request(origin + some, headers={"if-none-match": answered(origin + some)[1]})
        assert answered(seen)[0] == 304
        for wrong in NOT_SERVED:
            assert answered(origin + wrong)[0] == 404, wrong


def pictures(part: Any) -> Iterator[str]:
    """Every string in an answer that is where a picture should be."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from [value] if name in {"avatarUrl", "coverUrl", "url"} and value else pictures(value)
    elif isinstance(part, list):
        for value in part:
            yield from pictures(value)


def answered(request: str | urllib.request.Request) -> tuple[int, str]:
    """Status and entity tag."""
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers.get("etag", "")
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_a_port_already_taken_is_one_clear_line(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = up(home, f"--port={port}")
        assert process.ended() == 1
    assert f"Port {port} is already in use on 127.0.0.1" in process.text
    assert "Traceback" not in process.text


def test_a_second_up_names_the_process_that_is_running(home: Path) -> None:
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home.parent) as first:
        url = first.wait_for(r"(http://[\d.:]+/)$")[1]
        second = up(home)
        assert second.ended() == 1
        assert f"process {first.popen.pid}, {url}" in second.text
        assert "Traceback" not in second.text


def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    login = demo_logins()[0]
    process = up(home)
    url = process.wait_for(GRAPHQL)[1]
    mutation = "mutation($login: LoginInput!) { login(input: $login) { login { accessToken } } }"
    given = {"usernameOrEmail": login.username, "password": login.password}
    token = run(url, mutation, {"login": given})["data"]["login"]["login"]["accessToken"]
    create = 'mutation { createPost(input: {content: "kept"}) { post { id } } }'
    post_id = run(url, create, token=token)["data"]["createPost"]["post"]["id"]
    assert process.stop() == 0, process.text
    process = up(home)
    url = process.wait_for(GRAPHQL)[1]
    answer = run(url, "query($id: ID!) { post(id: $id) { content } }", {"id": post_id})
    process.stop()
    assert answer == {"data": {"post": {"content": "kept"}}}


def test_a_killed_postgresql_makes_it_unready_then_comes_back(home: Path) -> None:
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home.parent) as process:
        url = process.wait_for(GRAPHQL)[1]
        ready = url.replace("/graphql", "/health/ready")
        assert status(ready) == 200
        before, began = len(process.text.splitlines()), time.monotonic()
        server, supervisor = (home / "postgres" / f"{name}.lock" for name in ("server", "supervisor"))
        os.kill(int(supervisor.read_text()), signal.SIGSTOP)
        os.kill(int(server.read_text()), signal.SIGKILL)
        assert status(ready) == 503
        for _ in range(20):
            run(url, "{ users { nodes { username } } }")
        os.kill(int(supervisor.read_text()), signal.SIGCONT)
        deadline = time.monotonic() + 90
        while status(ready) != 200:
            assert time.monotonic() < deadline, process.text
            time.sleep(0.1)
        assert run(url, "{ users(first: 1) { nodes { username } } }")["data"]["users"]["nodes"]
    lasted = time.monotonic() - began
    said = len(process.text.splitlines()) - before
    assert said < 5 * len(DOMAINS) + lasted, f"in {lasted:.0f} s: {process.text}"


def test_a_killed_s3_takes_the_pictures_and_nothing_else(home: Path) -> None:
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home.parent) as process:
        url = process.wait_for(GRAPHQL)[1]
        picture = url.removesuffix("/graphql") + min(pictures(run(url, PICTURES)))
        assert status(picture) == 200
        server, supervisor = (home / "seaweedfs" / f"{name}.lock" for name in ("server", "supervisor"))
        os.kill(int(supervisor.read_text()), signal.SIGSTOP)
        os.kill(int(server.read_text()), signal.SIGKILL)
        try:
            assert status(picture) == 503
            assert status(url.replace("/graphql", "/health/ready")) == 200
            assert "errors" not in run(url, FIRST_OPERATION)
        finally:
            os.kill(int(supervisor.read_text()), signal.SIGCONT)
        deadline = time.monotonic() + 90
        while status(picture) != 200:
            assert time.monotonic() < deadline, process.text
            time.sleep(0.1)
    assert "Traceback" not in process.text


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_data_folder_moved_away_is_filled_with_the_demo_world_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = up(home)
    process.wait_for("Ctrl-C stops everything")
    assert process.stop() == 0, process.text
    (home / "postgres").rename(tmp_path / "moved")
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=tmp_path) as again:
        url = again.wait_for(GRAPHQL)[1]
        login = demo_logins()[0]
        mutation = "mutation($login: LoginInput!) { login(input: $login) { login { accessToken } } }"
        given = {"usernameOrEmail": login.username, "password": login.password}
        assert run(url, mutation, {"login": given})["data"]["login"]["login"]["accessToken"]


@pytest.mark.parametrize("moment", ["creating the cluster", "users: up", "posts: up"])
def test_ctrl_c_while_starting_leaves_a_home_that_starts(tmp_path: Path, moment: str) -> None:
    home = tmp_path / "home"
    process = up(home)
    process.wait_for(moment)
    process.stop(signal.SIGINT)
    assert "Traceback" not in process.text
    again = up(home)
    again.wait_for("Ctrl-C stops everything")
    assert again.stop() == 0, again.text


def test_a_home_whose_process_was_killed_starts_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = up(home)
    process.wait_for("users: up")
    process.stop(signal.SIGKILL)
    again = up(home)
    again.wait_for("Ctrl-C stops everything")
    assert again.stop() == 0, again.text


def test_a_process_killed_again_and_again_leaves_a_home_whose_pictures_are_served(home: Path) -> None:
    """At each of these moments a SeaweedFS is starting, running or, of the process before, still ending."""
    moments = ("seaweedfs: starting", "seaweedfs: ready", "Ctrl-C stops everything", "postgres: ready")
    for moment in moments:
        killed = up(home)
        killed.wait_for(moment)
        killed.stop(signal.SIGKILL)
        with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home.parent) as again:
            url = again.wait_for(GRAPHQL)[1]
            picture = url.removesuffix("/graphql") + min(pictures(run(url, PICTURES)))
            assert status(picture) == 200, again.text
            again.stop(signal.SIGKILL)
    last = up(home)
    last.wait_for("Ctrl-C stops everything")
    assert last.stop() == 0, last.text


def test_a_home_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    process = Process(["up", "--port=0"], {"PLAIT_HOME": str(blocked / "home")}, tmp_path)
    assert process.ended() == 1
    assert "PLAIT_HOME" in process.text
    assert "Traceback" not in process.text
