"""Health as orchestrators ask for it: live is "do not restart me", ready is "send me requests"."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from router.pipeline.engine import Engine

NO_STORE = {"cache-control": "no-store"}


def health_routes(engine: Engine) -> list[Route]:
    async def live(request: Request) -> JSONResponse:
        return JSONResponse({"status": "UP"}, headers=NO_STORE)

    async def ready(request: Request) -> JSONResponse:
        if engine.is_ready:
            return JSONResponse({"status": "UP"}, headers=NO_STORE)
        return JSONResponse({"status": "DOWN"}, status_code=503, headers=NO_STORE)

    return [
        Route("/health", live, methods=["GET"]),
        Route("/health/live", live, methods=["GET"]),
        Route("/health/ready", ready, methods=["GET"]),
    ]
