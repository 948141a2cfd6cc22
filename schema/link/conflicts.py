"""Links that would make a name mean two things, or that use a prefix GraphQL names cannot carry.

`check_conflicts` compares a new feature with those linked before it, so each pair is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schema.link.features import Feature, Features, Import
from schema.model.definitions import (
    Directive,
    DirectiveDefinition,
    InterfaceType,
    ObjectType,
    Schema,
    UnionType,
)
from schema.model.type_references import base_name
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.specs.specification import APOLLO

_URL_NAME = re.compile(r"[A-Za-z_][0-9A-Za-z_.-]*", re.ASCII)
_ALIAS = re.compile(r"[A-Za-z_][0-9A-Za-z_]*", re.ASCII)
_RENAME = 'Give one of them another name with "as".'


def check_conflicts(feature: Feature, features: Features) -> str | None:
    """Why the feature cannot be linked beside the others, if it cannot."""
    identity = feature.url.identity
    if identity in features.by_identity:
        return f'"{identity}" is linked twice.'
    problem = _check_alias(feature) or _check_against_features(feature, features)
    if problem is not None:
        return problem
    seen = Features()
    for imported in feature.imports:
        problem = _check_import(feature, imported, features, seen)
        if problem is not None:
            return problem
        seen.by_import.setdefault(imported.alias, (feature, imported.name))
    return None


def _check_alias(feature: Feature) -> str | None:
    identity, alias = feature.url.identity, feature.alias
    historic = not feature.imports and (identity, alias) in {
        (f"{APOLLO}tag", "federation__tag"),
        (f"{APOLLO}inaccessible", "federation__inaccessible"),
    }
    if "__" in alias and not historic:
        return f'"{identity}" cannot be linked as "{alias}": "__" ends a prefix. {_RENAME}'
    if alias.endswith("_"):
        return f'"{identity}" cannot be linked as "{alias}": a prefix cannot end with "_". {_RENAME}'
    # A URL may have a name no element can be called; one chosen with "as" has no excuse.
    allowed = _ALIAS if "as" in feature.directive.arguments else _URL_NAME
    if not allowed.fullmatch(alias):
        return f'"{identity}" cannot be linked as "{alias}", which is not a GraphQL name. {_RENAME}'
    return None


def _check_against_features(feature: Feature, features: Features) -> str | None:
    """The new prefix against names imported before it and against the prefixes in use."""
    alias, identity = feature.alias, feature.url.identity
    for name, (other, _) in features.by_import.items():
        if other.alias != alias and name.lstrip("@").partition("__")[0] == alias and "__" in name:
            return _blame(other, feature, f'the import "{name}" looks like a name of "{identity}".')
    if f"@{alias}" in features.by_import:
        other = features.by_import[f"@{alias}"][0]
        return _blame(other, feature, f'"@{alias}" is already imported from "{other.url.identity}".')
    if alias in features.by_alias:
        other = features.by_alias[alias]
        return _blame(other, feature, f'"{other.url.identity}" is already linked as "{alias}".')
    return None


def _blame(one: Feature, other: Feature, problem: str) -> str:
    """Linking tag or inaccessible beside federation has one better answer than renaming."""
    identities = {one.url.identity, other.url.identity}
    for name in ("tag", "inaccessible"):
        if identities == {f"{APOLLO}federation", f"{APOLLO}{name}"}:
            return (
                f'import "@{name}" from "{APOLLO}federation" instead of linking "{APOLLO}{name}" beside it.'
            )
    return f"{problem} {_RENAME}"


def _check_import(feature: Feature, imported: Import, features: Features, seen: Features) -> str | None:
    identity = feature.url.identity
    name, alias = imported.name.lstrip("@"), imported.alias.lstrip("@")
    prefix, separator, rest = alias.partition("__")
    own_name = f'the import "{imported.alias}" of "{imported.name}" would hide another name of "{identity}".'
    if separator and prefix == feature.alias:
        if rest != name:
            return f"{own_name} {_RENAME}"
    elif separator and prefix in features.by_alias:
        other = features.by_alias[prefix]
        return _blame(
            other, feature, f'the import "{imported.alias}" looks like a name of "{other.url.identity}".'
        )
    if imported.is_directive:
        if alias == feature.alias:
            if name != feature.url.name:
                return f"{own_name} {_RENAME}"
        elif alias in features.by_alias:
            other = features.by_alias[alias]
            return _blame(other, feature, f'"@{alias}" already belongs to "{other.url.identity}".')
    return _check_imported_before(feature, imported, features, seen)


def _check_imported_before(
    feature: Feature, imported: Import, features: Features, seen: Features
) -> str | None:
    before = next((alias for alias, (_, name) in seen.by_import.items() if name == imported.name), None)
    if before not in (None, imported.alias):
        return f'"{imported.name}" is imported both as "{before}" and as "{imported.alias}".'
    entry = features.by_import.get(imported.alias) or seen.by_import.get(imported.alias)
    if entry is None:
        return None
    other, name = entry
    if other is not feature:
        return _blame(other, feature, f'"{imported.alias}" is already imported from "{other.url.identity}".')
    if name != imported.name:
        return f'"{imported.alias}" is imported both for "{name}" and for "{imported.name}". {_RENAME}'
    return None


def check_shadowed_imports(schema: Schema, features: Features, report: SubgraphReport) -> None:
    """An element imported under one name must not be defined and used under its prefixed name too."""
    for definition in schema.directives.values():
        imported = _shadowed(definition.name, features, directive=True)
        if imported and any(directive.name == definition.name for directive in _all_applied(schema)):
            _report_shadow(f"@{definition.name}", imported, definition.at, report)
    for type_ in schema.types.values():
        imported = _shadowed(type_.name, features, directive=False)
        if imported and any(
            not _shadowed(user, features, directive=is_directive)
            for user, is_directive in _users(schema, type_.name)
        ):
            _report_shadow(type_.name, imported, type_.at, report)


def _report_shadow(name: str, imported: str, at: int, report: SubgraphReport) -> None:
    report.add(
        ErrorCode.INVALID_LINK_DIRECTIVE_USAGE,
        f'"{name}" is defined and used although it is imported as "{imported}".',
        at,
        remedy=f'Use "{imported}" everywhere and remove the definition of "{name}".',
    )


def _shadowed(name: str, features: Features, *, directive: bool) -> str | None:
    """The name an element was imported under, when `name` is its prefixed one."""
    found = features.prefixed(name, directive=directive)
    if found is None:
        return None
    feature, original = found
    mark = "@" if directive else ""
    imported = feature.imported_as(mark + original)
    return imported if imported is not None and imported != mark + name else None


def _all_applied(schema: Schema) -> Iterator[Directive]:
    yield from schema.definition.directives
    for type_ in schema.types.values():
        yield from type_.directives
        for member in (getattr(type_, "fields", None) or getattr(type_, "values", None) or {}).values():
            yield from member.directives
            for argument in (getattr(member, "arguments", None) or {}).values():
                yield from argument.directives


def _users(schema: Schema, name: str) -> Iterator[tuple[str, bool]]:
    """The types and directives that refer to a type: (name, is it a directive)."""
    for type_ in schema.types.values():
        match type_:
            case UnionType(members=members):
                if name in members:
                    yield type_.name, False
            case ObjectType() | InterfaceType():
                for field in type_.fields.values():
                    arguments = field.arguments.values()
                    if name in (base_name(field.type), *(base_name(argument.type) for argument in arguments)):
                        yield type_.name, False
    for definition in schema.directives.values():
        if _takes(definition, name):
            yield definition.name, True


def _takes(definition: DirectiveDefinition, name: str) -> bool:
    return any(base_name(argument.type) == name for argument in definition.arguments.values())
