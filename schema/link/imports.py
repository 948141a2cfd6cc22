"""Reading @link(import:): names, or `{name, as}` pairs, of things the specification defines."""

from __future__ import annotations

import re

from schema.language.values import Value
from schema.link.features import Import
from schema.model.values import print_value
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.report.suggestions import did_you_mean
from schema.specs.registry import LINK_IDENTITY, known_elements
from schema.specs.specification import FeatureUrl

_ELEMENT = re.compile(r"@?[A-Za-z_][0-9A-Za-z_]*", re.ASCII)
_SHAPE = 'write a name, or {name: "@key", as: "@myKey"}'


def read_imports(url: FeatureUrl, value: Value, at: int, report: SubgraphReport) -> list[Import]:
    """The imports that make sense; the others are reported."""
    known = _importable(url)
    imports = []
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        imported = _read_import(item, at, report)
        if imported is None:
            continue
        if known is not None and imported.name not in known:
            _unknown(imported.name, known, at, report)
        imports.append(imported)
    return imports


def _importable(url: FeatureUrl) -> list[str] | None:
    """What may be imported; None when we do not know the specification."""
    if url.identity == LINK_IDENTITY:
        return ["@link", "Purpose", "Import"]
    return known_elements(url)


def _unknown(name: str, known: list[str], at: int, report: SubgraphReport) -> None:
    as_directive = f' Did you mean the directive "@{name}"?'
    hint = as_directive if f"@{name}" in known else did_you_mean(name, known)
    report.add(
        ErrorCode.INVALID_LINK_DIRECTIVE_USAGE,
        f'"{name}" cannot be imported: the linked specification has no such element.{hint}',
        at,
    )


def _read_import(item: Value, at: int, report: SubgraphReport) -> Import | None:
    if isinstance(item, str):
        return Import(item, item)
    problem = None
    if not isinstance(item, dict):
        problem = f"{print_value(item)} cannot be imported: {_SHAPE}."
    elif unknown := [key for key in item if key not in ("name", "as")]:
        problem = f'an import has the unknown field "{unknown[0]}": {_SHAPE}.'
    elif "name" not in item:
        problem = f'an import has no "name": {_SHAPE}.'
    else:
        for value in item.values():
            if not isinstance(value, str) or not _ELEMENT.fullmatch(value):
                problem = f"{print_value(value)} in an import is not a GraphQL name: {_SHAPE}."
    if problem is not None or not isinstance(item, dict):
        report.add(ErrorCode.INVALID_LINK_DIRECTIVE_USAGE, problem or "", at)
        return None
    name, alias = str(item["name"]), str(item.get("as", item["name"]))
    if name.startswith("@") != alias.startswith("@"):
        report.add(
            ErrorCode.INVALID_LINK_DIRECTIVE_USAGE,
            f'"{name}" cannot be imported as "{alias}": both or neither must start with "@", '
            "which marks directives.",
            at,
        )
        return None
    return Import(name, alias)
