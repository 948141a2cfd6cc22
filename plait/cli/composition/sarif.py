"""SARIF 2.1.0: one run, a rule per code that was found, a result per finding. Code scanning reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote

from plait.cli.composition.findings import Finding, Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(findings: Sequence[Finding]) -> str:
    """The log as JSON text."""
    rules = {finding.code: finding for finding in reversed(findings)}
    codes = sorted(rules)
    run = {
        "tool": {"driver": {**_driver(), "rules": [_rule(rules[code]) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _driver() -> dict[str, str]:
    try:
        return {"name": "plait", "version": version("plait")}
    except PackageNotFoundError:
        return {"name": "plait"}


def _rule(example: Finding) -> dict[str, Any]:
    return {
        "id": example.code,
        "shortDescription": {"text": example.code.replace("_", " ").capitalize()},
        "defaultConfiguration": {"level": str(example.severity)},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    """The places after the first are related: each is part of why, none alone is what to change."""
    text = f"{finding.message}\n{finding.remedy}" if finding.remedy else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": str(finding.severity),
        "message": {"text": text},
        "locations": [_location(finding.places[0])],
    }
    related = [{"id": number, **_location(place)} for number, place in enumerate(finding.places[1:], 1)]
    return {**result, "relatedLocations": related} if related else result


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line, "startColumn": place.column or 1}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.subgraph is not None:
        location["logicalLocations"] = [{"name": place.subgraph, "kind": "module"}]
    return location


def _uri(file: str) -> str:
    return f"file://{quote(file)}" if file.startswith("/") else quote(file)
