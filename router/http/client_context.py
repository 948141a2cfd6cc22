"""The context that Strawberry applications know: `request` and `response`, or the user's own.

One per client's request, made when the first subgraph in this process is asked, shared by all of its fetches.
What resolvers set on `response` (a cookie, a header, a status) is put on the answer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from router.cache.single_flight import SingleFlight
from router.transport.client_context import ContextOf

ContextGetter = Callable[[Request, Response], Any]
"""As Strawberry's `get_context(request, response)`: a value or an awaitable of one."""

OURS = frozenset((b"content-length", b"content-type"))


class ClientContext:
    """`of` gives each fetch its context."""

    __slots__ = ("_flight", "_getter", "_made", "_request", "_value", "response")

    def __init__(self, request: Request, getter: ContextGetter | None) -> None:
        self._request = request
        self._getter = getter
        self.response = Response()
        self._made = False
        self._value: Any = None
        self._flight: SingleFlight[str, None] = SingleFlight()

    async def of(self, headers: Mapping[str, str]) -> Any:
        if self._getter is None:
            return {"request": self._request, "response": self.response, "headers": headers}
        if not self._made:
            await self._flight.run("context", self._make)
        return self._value

    async def _make(self) -> None:
        assert self._getter is not None
        value = self._getter(self._request, self.response)
        self._value = await value if inspect.isawaitable(value) else value
        self._made = True

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What resolvers added to the response."""
        return [pair for pair in self.response.headers.raw if pair[0] not in OURS]


def given(context: Any) -> ContextOf:
    """A context that the caller of `Router.execute` brought along."""

    async def of(headers: Mapping[str, str]) -> Any:
        return context

    return of


def request_without_connection(headers: Mapping[str, str], path: str) -> Request:
    """For `Router.execute`, which has headers and no connection."""
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return Request(
        {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "headers": raw,
            "client": None,
            "server": None,
        }
    )
