"""docs/mcp.md as a newcomer follows it: its commands, its settings and its program, as they stand there."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from plait.cli.main import main
from router import Router
from router.config.file import parse_config
from tests.support.federation import Subgraph
from tests.support.http_server import on_a_socket

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
NIGHT = {"__typename": "Event", "id": "1", "title": "Night of Tango", "startsAt": "2027-01-01T20:00:00Z"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def plait(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "plait"
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


async def run_python(program: str, key: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program,
        env={**os.environ, "PLAIT_KEY": key},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_the_three_steps_of_the_page_lead_from_a_key_to_a_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAIT_HOME", str(tmp_path))
    monkeypatch.delenv("PLAIT_PARTNERS", raising=False)
    monkeypatch.chdir(tmp_path)
    supergraph = (ROOT / "schema" / "supergraph.graphql").read_text(encoding="utf-8")
    (tmp_path / "supergraph.graphql").write_text(supergraph)  # As `plait up` leaves it.
    (operation,), (program,), (settings, _) = blocks("graphql"), blocks("python"), blocks("yaml")
    (tmp_path / "find-events.graphql").write_text(operation)
    add, publish = blocks("sh")
    key = await asyncio.to_thread(plait, add)
    await asyncio.to_thread(plait, publish)

    events = Subgraph({"searchEvents": {"__typename": "EventSearchConnection", "nodes": [NIGHT]}})
    router = Router(supergraph, {"events": events}, config=parse_config(settings, {}))
    async with on_a_socket(router.asgi(), lifespan="on") as url:
        told = await run_python(program.replace("http://127.0.0.1:4000", url), key.strip())
    names, answer = told.splitlines()
    assert names == "['FindEvents']"
    assert answer == str(
        {"data": {"searchEvents": {"nodes": [{k: NIGHT[k] for k in ("title", "startsAt")}]}}}
    )
    assert events.requests[0][1]["text"] == "night"


def test_the_settings_of_an_authorization_server_are_good() -> None:
    _, settings = blocks("yaml")
    assert parse_config(settings, {}).mcp.oauth is not None
