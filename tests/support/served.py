"""An application for servers that are given a module: `granian tests.support.served:app`."""

from __future__ import annotations

from tests.support.federation import router

app = router().asgi()
