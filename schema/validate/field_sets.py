"""@key, @requires and @provides select fields that exist, and only what each of them may select.

@key        own or external fields, no arguments, no interfaces or unions, no directives
@requires   external fields (leaves, unless a parent is external), arguments allowed
@provides   external fields of the field's type, no arguments
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schema.language.values import EnumLiteral
from schema.model.applications import Application, OnField, OnType
from schema.model.definitions import Field, InterfaceType, UnionType
from schema.model.field_set import (
    FieldSetProblem,
    Resolved,
    ResolvedField,
    print_selections,
    resolve,
    selected_fields,
)
from schema.model.type_references import base_name
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.specs.specification import Version
from schema.subgraph.facts import is_composite
from schema.subgraph.states import Subgraph


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one of the three directives allows; error codes share its name as their prefix."""

    directive: str
    prefix: str
    arguments: bool = False
    own_fields: bool = False

    def code(self, suffix: str) -> ErrorCode:
        return ErrorCode(f"{self.prefix}_{suffix}")


def check_field_sets(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every application of the three directives."""
    names = subgraph.names
    key = _Rules(names.key, "KEY", own_fields=True)
    for application in subgraph.applied(names.key):
        if isinstance(application, OnType):
            _check_key(subgraph, application, key, report)
    requires = _Rules(names.requires, "REQUIRES", arguments=True)
    for application in subgraph.applied(names.requires):
        if isinstance(application, OnField) and _not_on_interface(application, requires, report):
            _check(subgraph, application, application.parent.name, requires, report)
    provides = _Rules(names.provides, "PROVIDES")
    for application in subgraph.applied(names.provides):
        if isinstance(application, OnField):
            _check_provides(subgraph, application, provides, report)


def _check_key(subgraph: Subgraph, key: OnType, rules: _Rules, report: SubgraphReport) -> None:
    on_interfaces = subgraph.version is not None and subgraph.version >= Version(2, 3)
    if isinstance(key.element, InterfaceType) and not on_interfaces:
        report.add(
            ErrorCode.KEY_UNSUPPORTED_ON_INTERFACE,
            f'"@{rules.directive}" cannot be applied to the interface "{key.element.name}" '
            f"before federation v2.3 (this subgraph links {subgraph.version}).",
            key.directive.at,
            key.element.at,
        )
    _check(subgraph, key, key.element.name, rules, report)


def _not_on_interface(application: OnField, rules: _Rules, report: SubgraphReport) -> bool:
    if isinstance(application.parent, InterfaceType):
        report.add(
            rules.code("UNSUPPORTED_ON_INTERFACE"),
            f'"@{rules.directive}" cannot be applied to the interface field "{application.coordinate}".',
            application.directive.at,
            remedy="Apply it to the fields of the object types that implement the interface.",
        )
    return True


def _check_provides(subgraph: Subgraph, application: OnField, rules: _Rules, report: SubgraphReport) -> None:
    field = application.element
    if field in subgraph.facts.external:
        report.add(
            ErrorCode.EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE,
            f'"{application.coordinate}" is both external and the place of a "@{rules.directive}".',
            application.directive.at,
            field.at,
        )
        return
    type_ = base_name(field.type)
    if not is_composite(subgraph.schema.types.get(type_)):
        report.add(
            ErrorCode.PROVIDES_ON_NON_OBJECT_FIELD,
            f'"{application.coordinate}" has a "@{rules.directive}" but its type {field.type} has no fields.',
            application.directive.at,
            field.at,
        )
        return
    _not_on_interface(application, rules, report)
    _check(subgraph, application, type_, rules, report)


def _check(
    subgraph: Subgraph, application: Application, type_: str, rules: _Rules, report: SubgraphReport
) -> None:
    """The field set of one application, on the type its fields belong to."""
    directive = application.directive
    fields = directive.arguments.get("fields")
    if not isinstance(fields, str) or isinstance(fields, EnumLiteral):
        report.add(
            rules.code("INVALID_FIELDS_TYPE"),
            f'"fields" of "@{rules.directive}" on "{application.coordinate}" must be a string.',
            directive.at,
        )
        return

    def add(code: str, problem: str, *tokens: int, advice: str = "") -> None:
        report.add(
            rules.code(code),
            f'"@{rules.directive}(fields: "{fields}")" on "{application.coordinate}": {problem}.{advice}',
            directive.at,
            *tokens,
        )

    if rules.own_fields and (abstract := _first_abstract(subgraph, type_, fields)):
        add("FIELDS_SELECT_INVALID_TYPE", f"{abstract}, which cannot be part of a key")
        return
    try:
        selections = resolve(subgraph.schema, type_, fields, subgraph.names.from_context)
        _refuse_aliases(selections)
    except FieldSetProblem as problem:
        add("INVALID_FIELDS", str(problem), advice=f"{problem.advice}{_external_advice(problem)}")
        return
    _Checker(subgraph, rules, add).check(selections, under_external=False)


def _first_abstract(subgraph: Subgraph, parent: str, fields: str) -> str | None:
    """The first selected field whose value could be of several types."""
    for field in selected_fields(subgraph.schema, parent, fields):
        type_ = subgraph.schema.types.get(base_name(field.type))
        if isinstance(type_, InterfaceType | UnionType):
            kind = "an interface" if isinstance(type_, InterfaceType) else "a union"
            return f'"{field.name}" is of type {field.type}, {kind}'
    return None


def _external_advice(problem: FieldSetProblem) -> str:
    return " If another subgraph resolves it, add it with @external." if problem.unknown_field else ""


def _refuse_aliases(selections: tuple[Resolved, ...]) -> None:
    for selection in selections:
        if isinstance(selection, ResolvedField) and selection.node.alias is not None:
            raise FieldSetProblem(f'the alias "{selection.node.alias}" is not allowed')
        _refuse_aliases(selection.selections)


@dataclass(frozen=True, slots=True)
class _Checker:
    """The walk over one field set; `add` reports with a code's suffix."""

    subgraph: Subgraph
    rules: _Rules
    add: Callable[..., None]

    def check(self, selections: tuple[Resolved, ...], *, under_external: bool) -> None:
        for selection in selections:
            if selection.node.directives:
                applied = ", ".join(f"@{directive.name}" for directive in selection.node.directives)
                text = print_selections((selection.node,))
                self.add(
                    "DIRECTIVE_IN_FIELDS_ARG", f'"{text}" has the directive {applied}, which is not allowed'
                )
            if isinstance(selection, ResolvedField):
                self._check_field(selection, under_external)
            else:
                self.check(selection.selections, under_external=under_external)

    def _check_field(self, selection: ResolvedField, under_external: bool) -> None:
        field = selection.field
        external = field is not None and field in self.subgraph.facts.external
        coordinate = f"{selection.parent}.{selection.node.name}"
        if field is not None:
            self._check_own_rules(field, coordinate)
        leaf_must_be_external = not selection.selections and not self.rules.own_fields and not under_external
        if leaf_must_be_external and not external:
            self._not_external(field, coordinate)
        if selection.selections and field is not None:
            inner = under_external or external or self._external_in_implementation(selection)
            self.check(selection.selections, under_external=inner)

    def _check_own_rules(self, field: Field, coordinate: str) -> None:
        if field.arguments and not self.rules.arguments:
            self.add("FIELDS_HAS_ARGS", f'"{coordinate}" takes arguments, which is not allowed', field.at)

    def _not_external(self, field: Field | None, coordinate: str) -> None:
        if field is not None and field in self.subgraph.facts.seemingly_external:
            why = "is a key field of an extended type, so @external has no effect on it"
        else:
            why = "is not external"
        at = field.at if field is not None else -1
        self.add(
            "FIELDS_MISSING_EXTERNAL",
            f'this subgraph already resolves "{coordinate}", which {why}; leave it out',
            at,
        )

    def _external_in_implementation(self, selection: ResolvedField) -> bool:
        parent = self.subgraph.schema.types[selection.parent]
        if not isinstance(parent, InterfaceType):
            return False
        facts = self.subgraph.facts
        fields = (
            type_.fields.get(selection.node.name)
            for type_ in self.subgraph.schema.implementations(parent.name)
        )
        return any(field in facts.external for field in fields if field is not None)
