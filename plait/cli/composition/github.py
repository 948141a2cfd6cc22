"""GitHub's workflow commands: each finding becomes an annotation of the line it is about.

::error file=users.graphql,line=3,col=7,title=EXTERNAL_UNUSED::Subgraph "users": …
"""

from __future__ import annotations

from collections.abc import Iterable

from plait.cli.composition.findings import Finding, Place, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(findings: Iterable[Finding]) -> str:
    """A line each; nothing for nothing."""
    return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Finding) -> str:
    first = finding.places[0]
    properties = {"file": first.file, "line": first.line, "col": first.column, "title": finding.code}
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value is not None)
    return f"::{_COMMANDS[finding.severity]} {shown}::{_data(_message(finding))}"


def _message(finding: Finding) -> str:
    lines = [finding.message]
    if finding.remedy:
        lines.append(finding.remedy)
    lines += [f"also at {_at(place)}" for place in finding.places[1:]]
    return "\n".join(lines)


def _at(place: Place) -> str:
    return ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
