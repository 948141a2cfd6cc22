"""What a linked specification defines: added to the schema, or compared with what the schema itself defines.

A schema may spell out the definitions it links. They must say what the specification says, with a little
room: fewer locations, optional arguments left out, built-in scalars in place of the specification's own.
"""

from __future__ import annotations

from schema.language.values import Value
from schema.link.features import Feature
from schema.model.built_in import BUILT_IN_DIRECTIVES
from schema.model.definitions import (
    BUILT_IN_SCALARS,
    NOWHERE,
    DirectiveDefinition,
    EnumType,
    EnumValue,
    InputValue,
    ScalarType,
    Schema,
    TypeDefinition,
)
from schema.model.type_references import is_list, is_non_null, nullable
from schema.model.values import print_value, values_equal
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.specs.specification import ArgumentSpec, DirectiveSpec, Specification, TypeSpec

_RENAME = 'Import it under another name with "as".'


class Naming:
    """The names a specification's elements have in one schema; `at` is where it links them."""

    def __init__(self, feature: Feature, specification: Specification) -> None:
        self.at = feature.directive.at
        self._feature = feature
        self._types = {spec.name: feature.type_name(spec.name) for spec in specification.types}

    def directive(self, name: str) -> str:
        """The name of a directive of the specification."""
        return self._feature.directive_name(name)

    def type(self, name: str) -> str:
        """The name of a type of the specification."""
        return self._types[name]

    def reference(self, type_: str) -> str:
        """A type reference, with the specification's own types under their names here."""
        return type_.format_map(self._types)


class FixedNaming(Naming):
    """Names nothing can change: those of federation 1, whose types start with "_"."""

    def __init__(self, specification: Specification) -> None:
        self.at = NOWHERE
        self._types = {spec.name: f"_{spec.name}" for spec in specification.types}

    def directive(self, name: str) -> str:
        """Directives keep their names."""
        return name


def define_all(
    schema: Schema, specification: Specification, naming: Naming, report: SubgraphReport | None
) -> None:
    """Adds every type and directive of a specification that the schema does not define; checks those it
    does.
    """
    for type_ in specification.types:
        existing = schema.types.get(naming.type(type_.name))
        if existing is None and naming.type(type_.name) in BUILT_IN_SCALARS:
            existing = ScalarType(naming.type(type_.name))
        if existing is None:
            schema.types[naming.type(type_.name)] = new_type(type_, naming)
        elif report is not None:
            _check_type(type_, existing, report)
    for directive in specification.directives:
        name = naming.directive(directive.name)
        definition = schema.directives.get(name)
        if definition is None and name in BUILT_IN_DIRECTIVES and report is not None:
            problem = (
                f'"@{directive.name}" cannot be called "@{name}": that is a directive of GraphQL itself.'
            )
            report.add(ErrorCode.DIRECTIVE_DEFINITION_INVALID, problem, naming.at, remedy=_RENAME)
        elif definition is None:
            schema.directives[name] = new_directive(directive, naming)
        elif report is not None:
            _check_directive(directive, definition, naming, report)


def new_type(spec: TypeSpec, naming: Naming) -> TypeDefinition:
    """A type as its specification defines it."""
    name = naming.type(spec.name)
    if not spec.values:
        return ScalarType(name)
    return EnumType(name, values={value: EnumValue(value, description=text) for value, text in spec.values})


def new_directive(spec: DirectiveSpec, naming: Naming) -> DirectiveDefinition:
    """A directive as its specification defines it."""
    arguments = {argument.name: _new_argument(argument, naming) for argument in spec.arguments}
    return DirectiveDefinition(naming.directive(spec.name), arguments, spec.repeatable, spec.locations)


def _new_argument(spec: ArgumentSpec, naming: Naming) -> InputValue:
    type_ = naming.reference(spec.type)
    if _has_default(spec):
        return InputValue(spec.name, type_, True, _default(spec))
    return InputValue(spec.name, type_)


def _has_default(spec: ArgumentSpec) -> bool:
    return isinstance(spec.default, bool | str | int | list)


def _default(spec: ArgumentSpec) -> Value:
    return spec.default if isinstance(spec.default, bool | str | int | list) else None


def _check_type(spec: TypeSpec, existing: TypeDefinition, report: SubgraphReport) -> None:
    wanted = EnumType if spec.values else ScalarType
    if not isinstance(existing, wanted):
        report.add(
            ErrorCode.TYPE_DEFINITION_INVALID,
            f'"{existing.name}" is defined by a linked specification and must be '
            f"{'an enum' if spec.values else 'a scalar'}.",
            existing.at,
        )
    elif isinstance(existing, EnumType):
        names = sorted(name for name, _ in spec.values)
        if sorted(existing.values) != names:
            report.add(
                ErrorCode.TYPE_DEFINITION_INVALID,
                f'"{existing.name}" is defined by a linked specification with the values '
                f"{', '.join(names)}, but here with {', '.join(sorted(existing.values)) or 'none'}.",
                existing.at,
            )


def _check_directive(
    spec: DirectiveSpec, existing: DirectiveDefinition, naming: Naming, report: SubgraphReport
) -> None:
    def invalid(problem: str, at: int = existing.at) -> None:
        report.add(
            ErrorCode.DIRECTIVE_DEFINITION_INVALID,
            f'the definition of "@{existing.name}" differs from its specification: {problem}.',
            at,
        )

    for argument in spec.arguments:
        given = existing.arguments.get(argument.name)
        wanted = naming.reference(argument.type)
        if given is None:
            if is_non_null(wanted) and not _has_default(argument):
                invalid(f'the argument "{argument.name}" is missing')
        elif not _accepts(wanted, given.type):
            invalid(f'"{argument.name}" has type {given.type} instead of {wanted}', given.at)
        elif not is_non_null(given.type) and not _same_default(argument, given):
            invalid(
                f'"{argument.name}" has the default {_shown_default(given)} instead of '
                f"{print_value(_default(argument)) if _has_default(argument) else 'none'}",
                given.at,
            )
    known = {argument.name for argument in spec.arguments}
    for name, given in existing.arguments.items():
        if name not in known:
            invalid(f'it has no argument "{name}"', given.at)
    if existing.repeatable and not spec.repeatable:
        invalid("it is not repeatable")
    if extra := [location for location in existing.locations if location not in spec.locations]:
        invalid(f"it cannot be on {', '.join(extra)}, only on {', '.join(spec.locations)}")


def _same_default(spec: ArgumentSpec, given: InputValue) -> bool:
    if _has_default(spec) != given.has_default:
        return False
    return not given.has_default or values_equal(_default(spec), given.default)


def _shown_default(value: InputValue) -> str:
    return print_value(value.default, value.type) if value.has_default else "none"


def _accepts(wanted: str, given: str) -> bool:
    """The same type; a non-null one for a nullable one; a built-in scalar for one of the specification's
    scalars.
    """
    if is_non_null(given) and not is_non_null(wanted):
        given = nullable(given)
    return wanted == given or _redefines(wanted, given)


def _redefines(wanted: str, given: str) -> bool:
    """A specification's own scalar stands for any value, so anything but another such scalar may replace
    it.
    """
    if is_non_null(wanted):
        return is_non_null(given) and _redefines(nullable(wanted), nullable(given))
    if is_list(wanted):
        return is_list(given) and not is_non_null(given) and _redefines(wanted[1:-1], given[1:-1])
    if wanted in BUILT_IN_SCALARS:
        return False
    return given in BUILT_IN_SCALARS or is_list(given) or is_non_null(given)
