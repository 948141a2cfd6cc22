"""What federation's directives make of a subgraph's fields: external, shareable, used, provided.

External fields are listed but resolved elsewhere. In an extension of a type, @external on a key field never
meant that (federation 1 demanded it there), so such fields are only *seemingly* external. A field that some
@provides reaches is resolved at times, so it is external but not *fully*.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.language.values import EnumLiteral
from schema.model.applications import Application, OnArgument, OnField, OnType
from schema.model.definitions import (
    COMPOSITE_TYPES,
    Directive,
    Field,
    InterfaceType,
    ObjectType,
    Schema,
    TypeDefinition,
    has_applied,
)
from schema.model.field_set import selected_fields
from schema.model.type_references import base_name
from schema.subgraph.context_field import split_context
from schema.subgraph.names import FederationNames


@dataclass(frozen=True, slots=True)
class Facts:
    """Sets of fields, by identity."""

    external: frozenset[Field]
    seemingly_external: frozenset[Field]
    provided: frozenset[Field]
    shareable: frozenset[Field]
    used: frozenset[Field]

    def fully_external(self, field: Field) -> bool:
        """Is the field never resolved here?"""
        return field in self.external and field not in self.provided


def fields_argument(directive: Directive) -> str:
    """The field set of @key, @requires or @provides; empty when it is not text."""
    fields = directive.arguments.get("fields")
    return fields if isinstance(fields, str) and not isinstance(fields, EnumLiteral) else ""


def collect_facts(
    schema: Schema, names: FederationNames, applications: dict[str, list[Application]], federation_2: bool
) -> Facts:
    """One pass over the applications of each directive."""
    seemingly = _seemingly_external(schema, names, applications)
    external = _external(names, applications, federation_2) - seemingly
    return Facts(
        external=frozenset(external),
        seemingly_external=frozenset(seemingly),
        provided=frozenset(_provided(schema, names, applications)),
        shareable=frozenset(_shareable(schema, names, applications, external)),
        used=frozenset(_used(schema, names, applications)),
    )


def _seemingly_external(
    schema: Schema, names: FederationNames, applications: dict[str, list[Application]]
) -> set[Field]:
    found: set[Field] = set()
    for key in applications.get(names.key, ()):
        if isinstance(key, OnType) and (key.directive.extension or has_applied(key.element, names.extends)):
            fields = selected_fields(schema, key.element.name, fields_argument(key.directive))
            found.update(field for field in fields if has_applied(field, names.external))
    return found


def _external(
    names: FederationNames, applications: dict[str, list[Application]], federation_2: bool
) -> set[Field]:
    found: set[Field] = set()
    for application in applications.get(names.external, ()):
        match application:
            case OnField():
                found.add(application.element)
            case OnType(element=ObjectType() as type_) if federation_2:
                found.update(type_.fields.values())
            case _:
                pass
    return found


def _provided(
    schema: Schema, names: FederationNames, applications: dict[str, list[Application]]
) -> set[Field]:
    found: set[Field] = set()
    for provides in applications.get(names.provides, ()):
        if isinstance(provides, OnField):
            type_ = base_name(provides.element.type)
            found.update(
                selected_fields(schema, type_, fields_argument(provides.directive), implementations=True)
            )
    return found


def _shareable(
    schema: Schema, names: FederationNames, applications: dict[str, list[Application]], external: set[Field]
) -> set[Field]:
    """Key fields, what @shareable marks, and external fields that some @provides reaches."""
    found: set[Field] = set()
    for key in applications.get(names.key, ()):
        if isinstance(key, OnType):
            fields = fields_argument(key.directive)
            found.update(selected_fields(schema, key.element.name, fields, implementations=True))
    for shareable in applications.get(names.shareable, ()):
        match shareable:
            case OnField(parent=ObjectType()):
                found.add(shareable.element)
            case OnType(element=ObjectType() as type_):
                block = shareable.directive.extension
                found.update(field for field in type_.fields.values() if field.extension == block)
            case _:
                pass
    for provides in applications.get(names.provides, ()):
        if isinstance(provides, OnField) and isinstance(provides.parent, ObjectType):
            type_name = base_name(provides.element.type)
            fields = fields_argument(provides.directive)
            reached = selected_fields(schema, type_name, fields, implementations=True)
            found.update(field for field in reached if field in external)
    return found


def _used(schema: Schema, names: FederationNames, applications: dict[str, list[Application]]) -> set[Field]:
    """Fields that a federation directive or an interface needs, so that they cannot simply be removed."""
    found: set[Field] = set()

    def use(type_name: str, fields: str) -> None:
        found.update(selected_fields(schema, type_name, fields, implementations=True))

    for application in applications.get(names.key, ()):
        if isinstance(application, OnType):
            use(application.element.name, fields_argument(application.directive))
    for application in applications.get(names.requires, ()):
        if isinstance(application, OnField):
            use(application.parent.name, fields_argument(application.directive))
    for application in applications.get(names.provides, ()):
        if isinstance(application, OnField):
            use(base_name(application.element.type), fields_argument(application.directive))
    for type_name, selection in _context_selections(names, applications):
        use(type_name, selection)
    for interface in schema.interface_types():
        for type_ in schema.implementations(interface.name):
            found.update(type_.fields[name] for name in interface.fields if name in type_.fields)
    return found


def _context_selections(
    names: FederationNames, applications: dict[str, list[Application]]
) -> list[tuple[str, str]]:
    """What each @fromContext selects on each type that sets its context."""
    contexts: dict[str, list[str]] = {}
    for application in applications.get(names.context, ()):
        if isinstance(application, OnType):
            contexts.setdefault(str(application.directive.arguments.get("name")), []).append(
                application.element.name
            )
    found = []
    for application in applications.get(names.from_context, ()):
        if isinstance(application, OnArgument):
            context, selection = split_context(application.directive.arguments.get("field"))
            found += [(type_name, selection) for type_name in contexts.get(context, ())]
    return found


def is_interface_object(type_: TypeDefinition | None, names: FederationNames) -> bool:
    """Does the type stand for an interface that another subgraph defines?"""
    return isinstance(type_, ObjectType) and has_applied(type_, names.interface_object)


def is_composite(type_: TypeDefinition | None) -> bool:
    """Does the type have fields, or members that have?"""
    return isinstance(type_, COMPOSITE_TYPES)


def is_extension(type_: TypeDefinition, names: FederationNames) -> bool:
    """In federation 1: does the type extend one that another subgraph defines?"""
    if not isinstance(type_, ObjectType | InterfaceType):
        return False
    return has_applied(type_, names.extends) or (bool(type_.extensions) and not type_.defined)
