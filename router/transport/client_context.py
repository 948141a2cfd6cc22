"""What a subgraph in this process may know of the client's request beside the headers sent on to it.

The HTTP layer (or `Router.execute(context=…)`) says it once per request; a Strawberry schema gets it as its
context. It goes by a context variable, because only subgraphs in this process can take it: on the wire
there is nothing but headers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any

ContextOf = Callable[[Mapping[str, str]], Awaitable[Any]]
"""From the headers of one fetch to the context its resolvers get."""

CLIENT_CONTEXT: ContextVar[ContextOf | None] = ContextVar("client_context", default=None)
