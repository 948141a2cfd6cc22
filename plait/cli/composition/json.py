"""`--format json`: the composition with its hints, or the errors with theirs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plait.cli.composition.attempt import Attempt
from schema import Composition, CompositionFailure, Hint


def composed_json(composition: Composition) -> str:
    document = {
        "supergraphSdl": composition.supergraph_sdl,
        "apiSchema": composition.api_schema_sdl,
        "hints": _items(composition.hints),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def failed_json(attempt: Attempt) -> str:
    config = attempt.config
    problems = [
        {
            "code": "INVALID_CONFIG",
            "message": f"{config}:{p.line}: {p.message}" if p.line else f"{config}: {p.message}",
            "locations": [],
        }
        for p in attempt.problems
    ]
    document = {"errors": [*problems, *_items(attempt.errors)], "hints": _items(attempt.hints)}
    return json.dumps(document, indent=2, ensure_ascii=False)


def _items(found: Sequence[CompositionFailure | Hint]) -> list[dict[str, object]]:
    return [_item(item) for item in found]


def _item(item: CompositionFailure | Hint) -> dict[str, object]:
    found: dict[str, object] = {"code": str(item.code)}
    if isinstance(item, Hint):
        found["level"] = str(item.level)
    found["message"] = item.message
    found["locations"] = [
        {"subgraph": place.subgraph, "line": place.line, "column": place.column} for place in item.locations
    ]
    if isinstance(item, CompositionFailure) and item.remedy:
        found["remedy"] = item.remedy
    return found
