"""Health as orchestrators ask for it: live is "do not restart me", ready is "send me requests"."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from router.pipeline.engine import Engine

NO_STORE = {"cache-control": "no-store"}


def health_routes(engine: Engine, *, tells_problems: bool = False) -> list[Route]:
    """`tells_problems`: to operators, what could not be taken over, which is no reason to be not ready."""

    async def live(request: Request) -> JSONResponse:
        return JSONResponse({"status": "UP"}, headers=NO_STORE)

    async def ready(request: Request) -> JSONResponse:
        if engine.is_ready:
            problems = {"problems": engine.problems} if engine.problems and tells_problems else {}
            return JSONResponse({"status": "UP", **problems}, headers=NO_STORE)
        reason = "The router was stopped." if engine.is_stopped else "The router is starting."
        return JSONResponse({"status": "DOWN", "reason": reason}, status_code=503, headers=NO_STORE)

    return [
        Route("/health", live, methods=["GET"]),
        Route("/health/live", live, methods=["GET"]),
        Route("/health/ready", ready, methods=["GET"]),
    ]
