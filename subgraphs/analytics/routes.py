"""Series as tables to download, with an access token.

GET /analytics/events/<id>.csv?since=&until=&unit=DAY&timeZone=Europe/Berlin
GET /analytics/organizations/<id>.csv          the same of all its events
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from db.errors import StoreUnavailable
from subgraphs.analytics.service import Funnels
from subgraphs.analytics.service.periods import period_of
from subgraphs.analytics.service.tables import as_csv
from subgraphs.analytics.values import SubjectKind, Unit
from subgraphs.kit.auth import TokenVerifier, Viewer
from subgraphs.kit.errors import BadUserInput, SubgraphError
from subgraphs.kit.jwks import KeysUnavailable

SUBJECTS = {"events": SubjectKind.EVENT, "organizations": SubjectKind.ORGANIZATION}
NOT_THERE = "There is nothing of that here, or not for you."


def analytics_routes(funnels: Funnels, verifier: TokenVerifier) -> Sequence[BaseRoute]:
    async def table(request: Request) -> Response:
        try:
            viewer = await verifier.identify(request.headers.get("authorization"))
            if not isinstance(viewer, Viewer):
                return Response("Send an access token.", status_code=401)
            text = await _table(funnels, viewer, request.path_params, request.query_params)
        except SubgraphError as error:
            return Response(error.message, status_code=400)
        except (StoreUnavailable, KeysUnavailable):
            return Response(status_code=503, headers={"retry-after": "5"})
        if text is None:
            return Response(NOT_THERE, status_code=404)
        return Response(text, media_type="text/csv", headers={"cache-control": "no-store"})

    return [Route("/analytics/{subjects}/{id}.csv", table, methods=["GET"])]


async def _table(
    funnels: Funnels, viewer: Viewer, path: Mapping[str, str], asked: Mapping[str, str]
) -> str | None:
    """None for what is not there, or not the viewer's to see. Raises BadUserInput."""
    kind, subject = SUBJECTS.get(path["subjects"]), _id(path["id"])
    if kind is None or subject is None:
        return None
    period = period_of(_time(asked, "since"), _time(asked, "until"), datetime.now(UTC))
    unit, zone = _unit(asked.get("unit", "DAY")), asked.get("timeZone", "UTC")
    series = (await funnels.series(kind, [subject], period, unit, zone, viewer)).get(subject)
    return None if series is None else as_csv(series)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _unit(name: str) -> Unit:
    if name not in Unit.__members__:
        raise BadUserInput({"unit": "HOUR or DAY."})
    return Unit[name]


def _time(asked: Mapping[str, str], name: str) -> datetime | None:
    given = asked.get(name)
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadUserInput({name: "A time reads 2026-01-31T18:30:00Z."}) from None
