"""Subgraphs that answer from a recording: each request is looked up by service, text and variables.

Equal representations are asked for once by us and repeatedly by others, so a recorded call with repeated
ones is stored as the call without them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from router.transport.base import SubgraphRequest, SubgraphResponse

Call = tuple[str, str, str]


def call_key(service: str, query: str, variables: Mapping[str, Any] | None) -> Call:
    """The order of representations does not matter to which call this is."""
    canonical = dict(variables or {})
    if isinstance(canonical.get("representations"), list):
        canonical["representations"] = sorted(canonical["representations"], key=_canonical)
    return service, query, _canonical(canonical)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def without_repeats(call: dict[str, Any]) -> dict[str, Any]:
    """The call and its response with every representation once."""
    representations = (call["variables"] or {}).get("representations")
    if not representations:
        return call
    first: dict[str, int] = {}
    for index, representation in enumerate(representations):
        first.setdefault(_canonical(representation), index)
    kept = sorted(first.values())
    call = copy.deepcopy(call)
    call["variables"]["representations"] = [representations[index] for index in kept]
    data = call["response"].get("data")
    if data and data.get("_entities"):
        data["_entities"] = [data["_entities"][index] for index in kept]
    call["response"]["errors"] = [
        {**error, "path": [error["path"][0], kept.index(error["path"][1]), *error["path"][2:]]}
        for error in call["response"].get("errors", [])
        if len(error.get("path", ())) < 2 or error["path"][1] in kept
    ]
    return call


class Recording:
    """The recorded calls of one execution; `made` are the calls asked for."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        self._responses: dict[Call, dict[str, Any]] = {}
        self._orders: dict[Call, list[Any]] = {}
        self.made: list[Call] = []
        for call in map(without_repeats, calls):
            key = call_key(call["service"], call["query"], call["variables"])
            self._responses[key] = call["response"]
            self._orders[key] = (call["variables"] or {}).get("representations") or []

    @property
    def recorded(self) -> list[Call]:
        return list(self._responses)

    def transport(self, service: str) -> ReplayTransport:
        return ReplayTransport(service, self)

    def answer(self, service: str, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        key = call_key(service, query, variables)
        self.made.append(key)
        assert key in self._responses, f"no recorded call {key}; recorded: {list(self._responses)}"
        response = copy.deepcopy(self._responses[key])
        asked = variables.get("representations")
        if asked:
            self._reorder(response, asked, self._orders[key])
        return response

    def _reorder(self, response: dict[str, Any], asked: list[Any], recorded: list[Any]) -> None:
        places = [recorded.index(representation) for representation in asked]
        if response.get("data") and response["data"].get("_entities"):
            response["data"]["_entities"] = [response["data"]["_entities"][place] for place in places]
        for error in response.get("errors", []):
            if len(error.get("path", ())) > 1:
                error["path"][1] = places.index(error["path"][1])


class ReplayTransport:
    def __init__(self, service: str, recording: Recording) -> None:
        self._service = service
        self._recording = recording

    async def start(self) -> None:
        pass

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        payload = self._recording.answer(self._service, request.document.text, request.variables)
        return SubgraphResponse(payload=payload)

    async def aclose(self) -> None:
        pass
