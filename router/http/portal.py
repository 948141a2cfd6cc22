"""`/partner`: a page on which a partner sees what its key can do, and the JSON beside it.

GET /partner            the page: the same for everybody, and nothing in it
GET /partner/account    under a partner's key: operations, limits, what was used
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from router.cache.single_flight import SingleFlight
from router.config import RouterConfig
from router.described.catalogue import Catalogues
from router.described.operation import DescribedOperation
from router.errors import RequestError
from router.http.exchange import request_headers
from router.http.studio import ASSETS, asset_routes, page_response
from router.json import dumps
from router.partners.caller import PartnerCaller
from router.partners.errors import KeyMalformed, KeyRequired, PartnerStoreError, PartnersUnavailable
from router.partners.partner import DayOfUse, Partner
from router.partners.registry import Partners
from router.partners.sources import AUTHORIZATION
from router.pipeline.engine import Engine

DAYS = 30
OWN_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
USE_KEPT_SECONDS = 1.0
"""A page that is asked for again and again asks the store no more often."""


class Portal:
    def __init__(
        self, engine: Engine, partners: Partners, catalogues: Catalogues, config: RouterConfig
    ) -> None:
        self._engine = engine
        self._partners = partners
        self._catalogues = catalogues
        self._config = config
        self._use = _Use(partners)
        names = partners.sources.names
        self._key_header = AUTHORIZATION if AUTHORIZATION in names else names[0]

    def routes(self, assets: Path = ASSETS) -> list[BaseRoute]:
        async def page(request: Request) -> Response:
            said = {"accountPath": f"{_root(request)}/partner/account", "keyHeader": self._key_header}
            return page_response(assets / "partner.html", said)

        return [
            Route("/partner", page, methods=["GET"]),
            Route("/partner/account", self._account, methods=["GET"]),
            *asset_routes(assets),
        ]

    async def _account(self, request: Request) -> Response:
        try:
            return _json(200, await self._told(request), OWN_HEADERS)
        except RequestError as error:
            return _json(error.status, {"errors": error.errors}, {**OWN_HEADERS, **dict(error.headers)})

    async def _told(self, request: Request) -> dict[str, Any]:
        """Raises `RequestError`."""
        headers = request_headers(request.scope)
        admitted = await self._partners.admit(headers)
        if admitted is None:  # What stands there instead of a key is none, whatever else it is.
            raise KeyMalformed if AUTHORIZATION in headers else KeyRequired
        caller, _ = admitted
        mcp = self._config.mcp
        return {
            "partner": caller.name,
            "graphqlPath": f"{_root(request)}{self._config.server.graphql_path}",
            "mcpPath": f"{_root(request)}{mcp.path}" if mcp.enabled else None,
            "limits": _limits(caller.partner),
            "origins": caller.partner.origins,
            "operations": [_operation(one) for one in await self._operations(caller)],
            "use": [_day(day) for day in await self._use.of(caller.name)],
        }

    async def _operations(self, caller: PartnerCaller) -> list[DescribedOperation]:
        pipeline = await caller.pipeline(self._engine.pipeline)
        catalogue = await self._catalogues.of(caller.lists.of_client(None), pipeline.preparation.schema)
        return list(catalogue.operations.values())


def _json(status: int, content: dict[str, Any], headers: Mapping[str, str]) -> Response:
    return Response(dumps(content), status, headers, media_type="application/json")


class _Use:
    """What partners used, remembered for a moment."""

    def __init__(self, partners: Partners, clock: Callable[[], float] = time.monotonic) -> None:
        self._partners = partners
        self._clock = clock
        self._kept: dict[str, tuple[float, list[DayOfUse]]] = {}
        self._flights: SingleFlight[str, list[DayOfUse]] = SingleFlight()

    async def of(self, name: str) -> list[DayOfUse]:
        """Raises `PartnersUnavailable`. There are no more names than partners."""
        kept = self._kept.get(name)
        if kept is not None and self._clock() - kept[0] < USE_KEPT_SECONDS:
            return kept[1]
        try:
            days, _ = await self._flights.run(name, lambda: self._partners.use(name, DAYS))
        except PartnerStoreError as error:
            raise PartnersUnavailable from error
        self._kept[name] = (self._clock(), days)
        return days


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _limits(partner: Partner) -> dict[str, Any]:
    limits = partner.limits
    rate = {"count": limits.rate.count, "seconds": limits.rate.seconds} if limits.rate is not None else None
    return {
        "rate": rate,
        "dailyOperations": limits.daily_operations,
        "dailyCost": limits.daily_cost,
        "maxCost": limits.max_cost,
    }


def _operation(operation: DescribedOperation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "name": operation.name,
        "operationName": operation.operation_name,
        "kind": operation.kind,
        "description": operation.description,
        "body": operation.body,
        "variables": operation.variables,
        "takesFiles": operation.takes_files,
    }


def _day(day: DayOfUse) -> dict[str, Any]:
    return {
        "day": day.day,
        "operations": day.operations,
        "cost": day.cost,
        "byOperation": day.by_operation,
        "codes": day.codes,
    }
