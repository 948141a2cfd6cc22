"""docs/tutorial.md, followed to the letter: its files are those of examples/, its commands are run."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.processes import PLAIT, clean_environment

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "two-subgraphs"
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TUTORIAL, re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]
TUTORIALS_PORTS = (4000, 4001, 4002)


def test_every_file_the_tutorial_shows_is_the_file_in_examples() -> None:
    shown = dict(re.findall(r"`([\w.]+)`\n```\w+\n(.*?)```\n", TUTORIAL, re.DOTALL))
    assert shown == {
        path.name: path.read_text(encoding="utf-8") for path in EXAMPLE.iterdir() if path.is_file()
    }


def test_the_commands_of_the_tutorial_answer_from_two_services(tmp_path: Path) -> None:
    folder, ports = copied(tmp_path)
    with ExitStack() as stack:
        stack.enter_context(served(command("uvicorn products", ports), folder, ports[4001]))
        stack.enter_context(served(command("uvicorn reviews", ports), folder, ports[4002]))
        run(command("plait compose", ports), folder)
        stack.enter_context(served(command("plait router", ports), folder, ports[4000]))
        products = post(ports[4000], sent_by_curl())["data"]["products"]
        plan = run(command("plait plan", ports), folder)
    assert products[0] == {"name": "Kettle", "reviews": [{"stars": 5}, {"stars": 3}]}
    assert re.findall(r'Fetch\(service: "(\w+)"\)', plan) == ["products", "reviews"]


def test_the_tutorials_one_process_answers_the_same(tmp_path: Path) -> None:
    folder, ports = copied(tmp_path)
    with served(command("uvicorn in_process", ports), folder, ports[4000]):
        assert len(post(ports[4000], sent_by_curl())["data"]["products"]) == 2


def copied(target: Path) -> tuple[Path, dict[int, int]]:
    """The example with free ports in place of its own."""
    folder = target / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    ports = {port: free_port() for port in TUTORIALS_PORTS}
    path = folder / "supergraph.yaml"
    path.write_text(with_ports(path.read_text(encoding="utf-8"), ports), encoding="utf-8")
    return folder, ports


def command(start: str, ports: dict[int, int]) -> list[str]:
    """The tutorial's command that starts so, for this environment's programs and these ports."""
    [line] = [line for line in COMMANDS if line.startswith(start)]
    program, *arguments = with_ports(line, ports).split()
    return [*PLAIT, *arguments] if program == "plait" else [sys.executable, "-m", program, *arguments]


def with_ports(text: str, ports: dict[int, int]) -> str:
    return re.sub(r"\b400[012]\b", lambda found: str(ports[int(found.group())]), text)


def sent_by_curl() -> bytes:
    [line] = [line for line in COMMANDS if line.startswith("curl")]
    found = re.search(r"-d '(.*)'", line)
    assert found is not None
    return found.group(1).encode()


def run(arguments: list[str], folder: Path) -> str:
    done = subprocess.run(
        arguments,
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def served(arguments: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / f"{port}.log").open("w+") as log:
        process = subprocess.Popen(arguments, cwd=folder, env=clean_environment(), stdout=log, stderr=log)
        try:
            wait_until_it_listens(process, port, Path(log.name))
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    pytest.fail(f"nothing listens on {port}:\n{log.read_text()}")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def post(port: int, body: bytes) -> dict[str, dict[str, list[dict[str, object]]]]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", data=body, headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, dict[str, list[dict[str, object]]]] = json.load(answer)
        return found
