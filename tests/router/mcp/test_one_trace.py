"""A call of a tool is one trace, from the assistant to the subgraph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from router.config import MCPConfig, MCPSessionsConfig
from tests.router.telemetry.test_traces import ON, PARENT, TRACE, spans
from tests.support.tools import ACCEPT, INITIALIZE, call_of, config, served

__all__ = ["spans"]  # A fixture.


@pytest.mark.parametrize("sessions", [False, True])
async def test_a_call_and_its_fetches_are_one_trace(spans: Any, tmp_path: Path, sessions: bool) -> None:
    kept = MCPSessionsConfig(enabled=sessions)
    mcp = MCPConfig(enabled=True, callers="anyone", sessions=kept)
    headers = {**ACCEPT, "traceparent": f"00-{TRACE}-{PARENT}-01"}
    async with served(config(tmp_path, mcp, telemetry=ON.telemetry)) as (url, _), httpx.AsyncClient() as http:
        if sessions:
            begun = await http.post(url, json=INITIALIZE, headers=ACCEPT)
            headers["mcp-session-id"] = begun.headers["mcp-session-id"]
        await http.post(url, json=call_of("Me"), headers=headers)
    found = {
        span.name: span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == TRACE
    }
    assert sorted(found) == ["GraphQL Operation", "execute", "fetch users", "prepare"]
    assert found["fetch users"].parent.span_id == found["GraphQL Operation"].context.span_id
