"""`plait up` as a person meets it: a real process, a real PostgreSQL, real signals."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from PIL import Image

from plait.cli.first_operation import FIRST_OPERATION
from plait.cli.seed import demo_logins
from subgraphs.kit.demo.pictures.book import BUCKETS
from subgraphs.processing.demo import tracks_with_sound
from subgraphs.registry import DOMAINS
from tests.support.http import post, run
from tests.support.processes import Process, clean_environment, running

PARTNERS_PAGE = Path(__file__).parents[2] / "docs" / "partners.md"
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
ASK_FOR_TOOLS = """
echo
curl -sS {url} -H "x-api-key: $KEY" -H 'content-type: application/json' \\
  -H 'accept: application/json, text/event-stream' -d '{{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}}'
"""
"""With the key of the page: the same operations are tools."""
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


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[tuple[Process, str]]:
    """One that runs while all tests that ask for it do: it and its address."""
    with starting(home) as found:
        yield found


def test_the_first_operation_crosses_four_services_and_has_no_errors(served: tuple[Process, str]) -> None:
    url = served[1]
    body = {"query": FIRST_OPERATION}
    answer = json.loads(post(url, body, {"Apollo-Expose-Query-Plan": "true"})[1])
    assert "errors" not in answer
    assert len(answer["data"]["events"]["nodes"]) == 3
    plan = json.dumps(answer["extensions"]["apolloQueryPlan"]["object"])
    assert all(f'"serviceName": "{name}"' in plan for name in ("users", "posts", "catalog", "events"))


def test_three_commands_of_the_partners_page_lead_from_a_key_to_an_answer(
    home: Path, served: tuple[Process, str]
) -> None:
    """The very commands, at this port instead of 4000; before them one with a contract."""
    block, contract = re.findall(r"```sh\n(.*?)```", PARTNERS_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(block.splitlines()) == 3
    commands = (contract + block).replace("http://127.0.0.1:4000/graphql", served[1])
    commands += ASK_FOR_TOOLS.format(url=served[1].replace("/graphql", "/mcp"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=PARTNERS_PAGE.parents[1],
        env=clean_environment() | {"PLAIT_HOME": str(home), "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer, tools = map(json.loads, done.stdout.splitlines()[-2:])
    assert len(answer["data"]["events"]["nodes"]) == 3
    assert [tool["annotations"]["readOnlyHint"] for tool in tools["result"]["tools"]] == [True]


def test_every_picture_of_the_demo_world_is_there(served: tuple[Process, str]) -> None:
    url = served[1]
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


UPLOAD = """mutation($input: UploadMediaInput!) {
    uploadMedia(input: $input) { media { id } errors { message } } }"""
MADE = 'query($id: ID!) { media(id: $id) { status reason url(contentType: "image/webp") } }'
SHOWN = """mutation($avatar: URL, $post: CreatePostInput!) {
    updateProfile(input: {avatarUrl: $avatar}) { user { avatar { status url } } errors { message } }
    createPost(input: $post) { post { id media { id } } errors { message } } }"""
SEEN = "query($id: ID!) { post(id: $id) { content media { url } } }"


def test_a_picture_is_uploaded_made_shown_and_seen_by_who_sees_its_post(served: tuple[Process, str]) -> None:
    url, origin = served[1], served[1].removesuffix("/graphql")
    one, other = [logged_in(url, login.username, login.password) for login in demo_logins()[:2]]
    avatar, shown = uploaded(url, one, "AVATAR"), uploaded(url, one, "POST")
    assert answered(origin + avatar["url"])[0] == 200
    assert answered(origin + shown["url"])[0] == 200
    assert answered(origin + shown["url"].partition("?")[0])[0] == 403
    for visibility, is_seen in (("PUBLIC", True), ("PRIVATE", False)):
        post = {"mediaIds": [shown["id"]], "visibility": visibility}
        given = {"avatar": avatar["url"], "post": post}
        made = asked(url, one, SHOWN, **given)
        assert made["updateProfile"]["user"]["avatar"]["status"] == "READY"
        post_id = made["createPost"]["post"]["id"]
        assert made["createPost"]["post"]["media"] == [{"id": shown["id"]}]
        assert len(asked(url, one, SEEN, id=post_id)["post"]["media"]) == 1
        seen = asked(url, other, SEEN, id=post_id)["post"]
        assert (seen is not None and len(seen["media"]) == 1) is is_seen


HEARD = "query($id: ID!) { track(id: $id) { stream { playlist } } }"


def test_every_track_that_the_page_to_listen_names_has_sound(served: tuple[Process, str]) -> None:
    url, origin = served[1], served[1].removesuffix("/graphql")
    token = login(url)
    assert f"{origin}/demo" in served[0].text
    with urllib.request.urlopen(f"{origin}/demo", timeout=30) as answer:
        page = answer.read().decode()
    for track in tracks_with_sound():
        assert str(track) in page
        playlist = sound_of(url, token, str(track), served[0])
        assert status(origin + playlist) == 200


def sound_of(url: str, token: str, track: str, process: Process) -> str:
    """Where it is, once the worker has made it."""
    deadline = time.monotonic() + 120
    while (stream := asked(url, token, HEARD, id=track)["track"]["stream"]) is None:
        assert time.monotonic() < deadline, process.text
        time.sleep(0.2)
    return str(stream["playlist"])


def logged_in(url: str, username: str, password: str) -> str:
    """An access token."""
    given = {"usernameOrEmail": username, "password": password}
    login = "mutation($input: LoginInput!) { login(input: $input) { login { accessToken } } }"
    return str(asked(url, None, login, input=given)["login"]["login"]["accessToken"])


def asked(url: str, token: str | None, query: str, **variables: Any) -> Any:
    """The data of an operation without errors."""
    answer = run(url, query, variables, token)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def uploaded(url: str, token: str, purpose: str) -> Any:
    """Sent as a form, and waited for until the worker has made it."""
    content = BytesIO()
    Image.new("RGB", (400, 300), (200, 20, 20)).save(content, "PNG")
    operations = {"query": UPLOAD, "variables": {"input": {"purpose": purpose, "file": None}}}
    texts = {"operations": operations, "map": {"0": ["variables.input.file"]}}
    parts: list[Any] = [(name, (None, json.dumps(value))) for name, value in texts.items()]
    headers = {"authorization": f"Bearer {token}", "apollo-require-preflight": "1"}
    files = [*parts, ("0", ("me.png", content.getvalue()))]
    answer = httpx.post(url, files=files, headers=headers, timeout=60).json()
    media_id = answer["data"]["uploadMedia"]["media"]["id"]
    until = time.monotonic() + 60
    while time.monotonic() < until:
        media = asked(url, token, MADE, id=media_id)["media"]
        if media["status"] != "PROCESSING":
            return media | {"id": media_id}
        time.sleep(0.2)
    raise AssertionError("nobody makes anything of it")


def answered(request: str | urllib.request.Request) -> tuple[int, str]:
    """Status and entity tag."""
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers.get("etag", "")
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_a_port_already_taken_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = up(tmp_path / "home", f"--port={port}")
        assert process.ended() == 1
    assert f"Port {port} is already in use on 127.0.0.1" in process.text
    assert "Traceback" not in process.text


def test_a_second_up_names_the_process_that_is_running(served: tuple[Process, str], home: Path) -> None:
    first, url = served
    second = up(home)
    assert second.ended() == 1
    assert f"process {first.popen.pid}, {url.removesuffix('graphql')}" in second.text
    assert "Traceback" not in second.text


def test_a_killed_postgresql_makes_it_unready_then_comes_back(
    served: tuple[Process, str], home: Path
) -> None:
    process, url = served
    ready = url.replace("/graphql", "/health/ready")
    assert status(ready) == 200
    before, began = len(process.text.splitlines()), time.monotonic()
    server, supervisor = (home / "postgres" / f"{name}.lock" for name in ("server", "supervisor"))
    os.kill(int(supervisor.read_text()), signal.SIGSTOP)
    os.kill(int(server.read_text()), signal.SIGKILL)
    try:
        assert status(ready) == 503
        for _ in range(20):
            run(url, "{ users { nodes { username } } }")
    finally:
        os.kill(int(supervisor.read_text()), signal.SIGCONT)
    wait_for_status(200, ready, process)
    assert run(url, "{ users(first: 1) { nodes { username } } }")["data"]["users"]["nodes"]
    lasted = time.monotonic() - began
    said = len(process.text.splitlines()) - before
    assert said < 8 * len(DOMAINS) + lasted, f"in {lasted:.0f} s: {process.text}"


def test_a_killed_s3_takes_the_pictures_and_nothing_else(served: tuple[Process, str], home: Path) -> None:
    process, url = served
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
    wait_for_status(200, picture, process)
    assert "Traceback" not in process.text


def wait_for_status(wanted: int, url: str, process: Process) -> None:
    deadline = time.monotonic() + 90
    while status(url) != wanted:
        assert time.monotonic() < deadline, process.text
        time.sleep(0.1)


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def stopped(request: pytest.FixtureRequest, home: Path) -> Path:
    """The home while nothing runs in it: for the last tests of this file."""
    served: tuple[Process, str] = request.getfixturevalue("served")
    assert served[0].stop() == 0, served[0].text
    return home


def test_what_was_written_is_there_after_a_restart_and_kills_at_every_moment_of_a_start(
    stopped: Path,
) -> None:
    """When it is killed a SeaweedFS is starting, running or, of the process before, still ending."""
    with starting(stopped) as (process, url):
        token = login(url)
        create = 'mutation { createPost(input: {content: "kept"}) { post { id } } }'
        post_id = run(url, create, token=token)["data"]["createPost"]["post"]["id"]
        process.stop(signal.SIGKILL)
    for moment in ("seaweedfs: starting", "seaweedfs: ready", "postgres: ready"):
        killed = up(stopped)
        killed.wait_for(moment)
        killed.stop(signal.SIGKILL)
    with starting(stopped) as (process, url):
        answer = run(url, "query($id: ID!) { post(id: $id) { content } }", {"id": post_id})
        assert answer == {"data": {"post": {"content": "kept"}}}
        assert status(url.removesuffix("/graphql") + min(pictures(run(url, PICTURES)))) == 200
        assert process.stop() == 0, process.text


def test_a_data_folder_moved_away_is_filled_again_whatever_interrupts_it(
    stopped: Path, tmp_path: Path
) -> None:
    (stopped / "postgres").rename(tmp_path / "moved")
    for moment, number in (
        ("creating the cluster", signal.SIGINT),
        ("users: up", signal.SIGINT),
        ("posts: up", signal.SIGINT),
        ("events: up", signal.SIGKILL),
    ):
        process = up(stopped)
        process.wait_for(moment)
        process.stop(number)
        assert "Traceback" not in process.text
    with starting(stopped) as (_, url):
        assert login(url)


@contextmanager
def starting(home: Path) -> Iterator[tuple[Process, str]]:
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home.parent) as process:
        yield process, process.wait_for(GRAPHQL)[1]


def login(url: str) -> str:
    """An access token of somebody of the demo world."""
    somebody = demo_logins()[0]
    mutation = "mutation($login: LoginInput!) { login(input: $login) { login { accessToken } } }"
    given = {"usernameOrEmail": somebody.username, "password": somebody.password}
    return str(run(url, mutation, {"login": given})["data"]["login"]["login"]["accessToken"])


def test_a_home_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    process = Process(["up", "--port=0"], {"PLAIT_HOME": str(blocked / "home")}, tmp_path)
    assert process.ended() == 1
    assert "PLAIT_HOME" in process.text
    assert "Traceback" not in process.text
