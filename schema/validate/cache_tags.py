"""@cacheTag formats name only what a response's cache entry knows: a root field's arguments, an entity's
keys.

`"user-{$key.id}"` on an entity, `"users-{$args.page}"` on a field of the query root. A tag that breaks the
rules is never used, which harms no response, so these are hints.
"""

from __future__ import annotations

import re

from schema.model.applications import Application, OnField, OnType
from schema.model.definitions import Directive, ObjectType, applied
from schema.model.field_set import FieldSetProblem, ResolvedField, resolve
from schema.report.collect import SubgraphReport
from schema.report.hints import HintCode
from schema.subgraph.facts import fields_argument
from schema.subgraph.states import Subgraph

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAME = r"[A-Za-z_][0-9A-Za-z_]*"
_REFERENCE = re.compile(rf"\$(args|key)((?:\.{_NAME})+)", re.ASCII)


def check_cache_tags(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every application of the directive."""
    for application in subgraph.applied(subgraph.names.cache_tag):
        references = _references(application, report)
        match application:
            case OnField():
                _check_field(subgraph, application, references, report)
            case OnType(element=ObjectType() as type_):
                _check_type(subgraph, application, type_, references, report)
            case _:
                pass


def _references(application: Application, report: SubgraphReport) -> list[tuple[str, list[str]]]:
    """What the format refers to: ("args" or "key", path)."""
    text = str(application.directive.arguments.get("format"))
    found = []
    for placeholder in _PLACEHOLDER.findall(text):
        reference = _REFERENCE.fullmatch(placeholder.strip())
        if reference is None:
            _invalid(application, f'"{{{placeholder}}}" is not "{{$args.name}}" or "{{$key.name}}"', report)
        else:
            found.append((reference[1], reference[2][1:].split(".")))
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        _invalid(application, 'a "{" or "}" has no partner', report)
    return found


def _invalid(application: Application, problem: str, report: SubgraphReport) -> None:
    report.hint(
        HintCode.CACHE_TAG_INVALID_FORMAT,
        f'the cache tag of "{application.coordinate}" cannot be read: {problem}.',
        application.directive.at,
    )


def _check_field(
    subgraph: Subgraph,
    application: OnField,
    references: list[tuple[str, list[str]]],
    report: SubgraphReport,
) -> None:
    if application.parent.name != subgraph.schema.definition.roots.get("query"):
        report.hint(
            HintCode.CACHE_TAG_APPLIED_TO_NON_ROOT_FIELD,
            f'"{application.coordinate}" has a cache tag but is not a field of the query root.',
            application.directive.at,
        )
        return
    for kind, path in references:
        if kind == "args" and path[0] in application.element.arguments:
            continue
        report.hint(
            HintCode.CACHE_TAG_INVALID_FORMAT_ARGUMENT_ON_ROOT_FIELD,
            f'the cache tag of "{application.coordinate}" refers to "${kind}.{".".join(path)}", '
            "which is not an argument of the field.",
            application.directive.at,
        )


def _check_type(
    subgraph: Subgraph,
    application: OnType,
    type_: ObjectType,
    references: list[tuple[str, list[str]]],
    report: SubgraphReport,
) -> None:
    keys = [key for key in applied(type_, subgraph.names.key) if key.arguments.get("resolvable") is not False]
    if not keys:
        report.hint(
            HintCode.CACHE_TAG_ENTITY_NOT_RESOLVABLE,
            f'"{type_.name}" has a cache tag but no resolvable @key, so it is never fetched as an entity.',
            application.directive.at,
            type_.at,
        )
        return
    for kind, path in references:
        if kind != "key" or not all(_selects(subgraph, type_, key, path) for key in keys):
            report.hint(
                HintCode.CACHE_TAG_INVALID_FORMAT_ARGUMENT_ON_ENTITY,
                f'the cache tag of "{type_.name}" refers to "${kind}.{".".join(path)}", '
                "which is not part of every resolvable key.",
                application.directive.at,
            )


def _selects(subgraph: Subgraph, type_: ObjectType, key: Directive, path: list[str]) -> bool:
    try:
        selections = resolve(subgraph.schema, type_.name, fields_argument(key))
    except FieldSetProblem:
        return True
    for name in path:
        found = [s for s in selections if isinstance(s, ResolvedField) and s.node.name == name]
        if not found:
            return False
        selections = found[0].selections
    return not selections
