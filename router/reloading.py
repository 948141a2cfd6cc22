"""The router in force behind one application: a new configuration makes a new router, and requests that begin
after it is ready are its own; those before finish on the one they began with.

    plait.yaml ──► Router A ◄── requests that had begun, until they have had their time
             └───► Router B ◄── every request from now on, on the same connections
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, MutableMapping
from typing import Any, Generic, Protocol, Self, TypeVar

from router.config import RouterConfig
from router.persisted.lists import OperationLists
from router.pipeline.engine import Engine

logger = logging.getLogger(__name__)

ASGI = Any
"""An ASGI application."""


class Reloadable(Protocol):
    """What of a `Router` is needed here."""

    config: RouterConfig
    engine: Engine

    def asgi(self) -> ASGI: ...
    def with_config(self, config: RouterConfig) -> Self: ...
    async def start(self) -> None: ...
    async def aclose(self) -> None: ...
    async def replace_supergraph(self, supergraph_sdl: str) -> None: ...
    async def replace_operations(self, lists: OperationLists) -> None: ...
    def admin(self) -> ASGI: ...


R = TypeVar("R", bound=Reloadable)


class ReloadingRouter(Generic[R]):
    """An ASGI application. `router` is the one in force; it is replaced as a whole."""

    def __init__(self, router: R) -> None:
        self.router = router
        self.supergraphs = 0
        """How often the supergraph was replaced."""
        self._application = router.asgi()
        self._admin: ASGI = router.admin()
        self._changing = asyncio.Lock()
        self._retiring: dict[R, asyncio.TimerHandle] = {}
        self._retirements: set[asyncio.Task[None]] = set()

    def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> Awaitable[None]:
        """No coroutine of its own: the way of a request is as short as without it."""
        if scope["type"] == "lifespan":
            return self._lifespan(receive, send)
        running: Awaitable[None] = self._application(scope, receive, send)
        return running

    async def replace_config(self, config: RouterConfig) -> None:
        """Raises `RouterError`, and then nothing has changed. What `Router.with_config` shares is kept;
        prepared operations are made anew.
        """
        async with self._changing:
            old = self.router
            new = await asyncio.to_thread(old.with_config, config)
            try:
                await new.start()
                application, admin = new.asgi(), new.admin()
            except BaseException:
                await new.aclose()
                raise
            self.router, self._application, self._admin = new, application, admin
            self._retire_later(old)

    async def replace_supergraph(self, supergraph_sdl: str) -> None:
        """As `Router.replace_supergraph`, of the router in force."""
        async with self._changing:
            await self.router.replace_supergraph(supergraph_sdl)
            self.supergraphs += 1

    async def replace_operations(self, lists: OperationLists) -> None:
        """As `Router.replace_operations`, of the router in force."""
        async with self._changing:
            await self.router.replace_operations(lists)

    def tell(self, what: str, problem: str | None) -> None:
        """Why `what` could not be taken over, for operators; None when it was."""
        problems = self.router.engine.problems
        problems.pop(what, None)
        if problem is not None:
            problems[what] = problem

    def admin(self) -> ASGI:
        """As `Router.admin`, always of the router in force; None where metrics are off."""
        if self._admin is None:
            return None

        def application(scope: MutableMapping[str, Any], receive: Any, send: Any) -> Awaitable[None]:
            running: Awaitable[None] = self._admin(scope, receive, send)
            return running

        return application

    async def aclose(self) -> None:
        """Closes the router in force and those that still had time."""
        async with self._changing:
            for router, timer in list(self._retiring.items()):
                timer.cancel()
                await self._close(router)
            await asyncio.gather(*self._retirements)
            await self.router.aclose()

    def _retire_later(self, old: R) -> None:
        """The longest a request may take: to arrive, and then to be answered."""
        seconds = old.config.server.receive_timeout_seconds + old.config.execution.operation_timeout_seconds
        self._retiring[old] = asyncio.get_running_loop().call_later(seconds, self._retire, old)

    def _retire(self, old: R) -> None:
        retirement = asyncio.ensure_future(self._close(old))
        self._retirements.add(retirement)
        retirement.add_done_callback(self._retirements.discard)

    async def _close(self, router: R) -> None:
        self._retiring.pop(router, None)
        try:
            await router.aclose()
        except Exception:
            logger.exception("A router that was replaced could not be closed.")

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        try:
            await self.router.start()
        except Exception as error:
            logger.exception("The router could not be started.")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.aclose()
        await send({"type": "lifespan.shutdown.complete"})
