"""The leanest handler in Python for an operation's statements: what is possible, beside what is.

An ASGI application that reads the request as JSON, sends the recorded statements over bare asyncpg
connections, makes a dict of each row and writes them all with orjson. It knows no GraphQL, checks nobody, and
makes nothing of a row. What an operation costs above it is what the platform does; what this costs above
bare asyncpg is what Python and the driver take for any answer at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

Step = tuple[Any, str, tuple[Any, ...]]
"""A connection, a statement, its values."""
JSON = [(b"content-type", b"application/json")]


class FloorApp:
    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        orjson.loads((await receive())["body"])
        answers = [await self._rows(*step) for step in self._steps]
        body = orjson.dumps({"data": answers}, default=str)
        await send({"type": "http.response.start", "status": 200, "headers": JSON})
        await send({"type": "http.response.body", "body": body})

    async def _rows(self, connection: Any, text: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        return list(map(dict, await connection.fetch(text, *values)))
