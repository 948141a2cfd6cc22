"""`python -m tests.support.calls_counted [CASE] [--by-function]`: calls and instructions per operation.

The gateways' cases through the whole application (ASGI), subgraphs answer bytes that they gave before. Both
numbers are the same in every run on one version of Python, so that a change of a few calls is seen on a busy
machine too. `--by-function` lists the functions whose instructions are the most.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from dataclasses import replace
from types import FrameType
from typing import Any

from benchmarks.gateways.shop import CASES, SUBGRAPHS, Case
from benchmarks.gateways.subgraphs import Subgraphs
from router import Router
from router.executor.execution import Service
from router.json import dumps
from schema import SubgraphDefinition, compose
from tests.support.execution_cost import _Remembered

WARM, SHOWN = 5, 45


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", help="only the case of this name")
    parser.add_argument("--by-function", action="store_true")
    options = parser.parse_args()
    for case in CASES:
        if options.case in (None, case.name) and case.name not in ("fifty", "wide"):
            calls, instructions = asyncio.run(_counted(case))
            print(f"{case.name:10} {calls.total():7} calls {instructions.total():9} instructions")
            if options.by_function:
                for name, count in instructions.most_common(SHOWN):
                    print(f"    {count:7} in {calls[name]:5} calls of {name}")
    return 0


async def _counted(case: Case) -> tuple[Counter[str], Counter[str]]:
    app, scope, body = await _application(case)
    for _ in range(WARM):
        await _asked(app, scope, body)
    calls, instructions = Counter[str](), Counter[str]()

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        code = frame.f_code
        name = f"{code.co_filename[-50:]}:{code.co_firstlineno} {code.co_name}"
        if event == "call":
            calls[name] += 1
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        elif event == "opcode":
            instructions[name] += 1
        return trace

    sys.settrace(trace)
    try:
        await _asked(app, scope, body)
    finally:
        sys.settrace(None)
    return calls, instructions


async def _application(case: Case) -> tuple[Any, dict[str, Any], bytes]:
    sdl = compose([SubgraphDefinition(name=n, url=f"http://x/{n}", sdl=s) for n, s in SUBGRAPHS.items()])
    router, shop = Router(sdl.supergraph_sdl), Subgraphs()
    services = {name: Service(name, _Remembered(name, shop.answer), 60) for name in SUBGRAPHS}
    pipeline = router.engine.pipeline
    router.engine.pipeline = replace(pipeline, executor=replace(pipeline.executor, services=services))
    body = dumps({"query": case.query, "variables": case.variables})
    headers = [(b"host", b"x"), (b"content-type", b"application/json"), (b"accept", b"application/json")]
    headers.append((b"content-length", str(len(body)).encode()))
    scope = {
        "type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "asgi": {"version": "3.0"}, "state": {},
    }  # fmt: skip
    return router.asgi(), scope, body


async def _asked(app: Any, scope: dict[str, Any], body: bytes) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if sent:
            await asyncio.Event().wait()
        sent.append(None)
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(dict(scope), receive, send)
    assert sent[1]["status"] == 200, sent


if __name__ == "__main__":
    sys.exit(main())
