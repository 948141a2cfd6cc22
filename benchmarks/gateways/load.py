"""Load: a fixed number of keep-alive connections, each sending the same request again and again.

    python -m benchmarks.gateways.load PORT PATH CONNECTIONS SECONDS BODY_FILE [WARM_UP_SECONDS [HEADERS]]

Prints one JSON object. Answers are compared with the first one by length and status, so that a gateway
that fails fast does not look fast.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import uvloop

from router.transport.connection import Connection

MAX_BYTES = 100_000_000


class Load:
    """Counts and latencies of one run. `is_measuring` is false while warming up."""

    def __init__(self, port: int, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        self._port = port
        head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        accept = f"accept: application/json\r\n{more}"
        self._message = f"{head}{accept}content-length: {len(body)}\r\n\r\n".encode() + body
        self.latencies: list[float] = []
        self.bytes_each = 0
        self.first = b""
        self.is_measuring = False
        self.is_over = False

    async def first_answer(self) -> None:
        connection = await self._connect()
        response = await connection.request(self._message, MAX_BYTES)
        assert response.status == 200, response.body[:500]
        answer = json.loads(response.body)
        assert not answer.get("errors"), answer["errors"][:3]
        self.bytes_each, self.first = len(response.body), response.body
        connection.close()

    async def run(self) -> None:
        connection = await self._connect()
        while not self.is_over:
            began = time.perf_counter()
            response = await connection.request(self._message, MAX_BYTES)
            if response.status != 200 or len(response.body) != self.bytes_each:
                raise SystemExit(f"an answer differs: status {response.status}, {response.body[:500]!r}")
            if self.is_measuring:
                self.latencies.append(time.perf_counter() - began)
        connection.close()

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, "127.0.0.1", self._port)
        return connection


async def main(load: Load, connections: int, seconds: float, warm_up: float) -> None:
    await load.first_answer()
    tasks = [asyncio.create_task(load.run()) for _ in range(connections)]
    await asyncio.sleep(warm_up)
    print("measuring", flush=True)
    load.is_measuring = True
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    elapsed = time.perf_counter() - began
    load.is_measuring = False
    print("measured", flush=True)
    load.is_over = True
    await asyncio.gather(*tasks)
    latencies = sorted(load.latencies)
    result = {
        "operations": len(latencies),
        "seconds": elapsed,
        "p50_ms": latencies[len(latencies) // 2] * 1e3,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1e3,
        "bytes": load.bytes_each,
    }
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    port, path, connections, seconds, body = sys.argv[1:6]
    warm_up = float(sys.argv[6]) if len(sys.argv) > 6 else 2.0
    headers = json.loads(sys.argv[7]) if len(sys.argv) > 7 else {}
    load = Load(int(port), path, Path(body).read_bytes(), headers)
    uvloop.run(main(load, int(connections), float(seconds), warm_up))
