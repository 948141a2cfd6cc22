"""Document to Schema: definitions and their extensions become one type each, the schema definition one
element.

Nothing is looked up yet: a field may name a type that does not exist. What cannot be folded (a name defined
twice, an extension of another kind than its type) is reported. Linear in the document.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from schema.language.nodes import Document, SchemaNode, TypeKind, TypeNode
from schema.model.definitions import (
    BUILT_IN_SCALARS,
    DEFAULT_ROOTS,
    NOWHERE,
    DirectiveDefinition,
    EnumType,
    EnumValue,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    ScalarType,
    Schema,
    SchemaDefinition,
    TypeDefinition,
    UnionType,
)
from schema.report.collect import SubgraphReport

_Member = TypeVar("_Member", Field, InputValue)
_CLASSES: dict[TypeKind, type[TypeDefinition]] = {
    TypeKind.SCALAR: ScalarType,
    TypeKind.OBJECT: ObjectType,
    TypeKind.INTERFACE: InterfaceType,
    TypeKind.UNION: UnionType,
    TypeKind.ENUM: EnumType,
    TypeKind.INPUT: InputType,
}
_INTROSPECTION = frozenset(
    {
        "__Schema",
        "__Directive",
        "__DirectiveLocation",
        "__Type",
        "__Field",
        "__InputValue",
        "__EnumValue",
        "__TypeKind",
    }
)


def build_schema(document: Document, report: SubgraphReport) -> Schema:
    """The schema a document describes. Problems go to the report; what they concern is left out."""
    for message, at in document.problems:
        report.invalid(f"{message}.", at)
    schema = Schema()
    for node in sorted(document.types, key=lambda node: node.extension):
        _add_type(schema, node, report)
    _restore_order(schema, document)
    for definition in document.directives:
        if definition.name in schema.directives:
            first = schema.directives[definition.name]
            report.invalid(f'the directive "@{definition.name}" is defined twice.', first.at, definition.at)
        else:
            schema.directives[definition.name] = definition
    _set_default_roots(schema)
    _build_schema_definition(schema, document.schemas, report)
    return schema


def _restore_order(schema: Schema, document: Document) -> None:
    """Types in the order they are first mentioned: definitions were only added first so extensions can find
    them.
    """
    order = dict.fromkeys(node.name for node in document.types)
    schema.types = {name: schema.types[name] for name in order if name in schema.types}


def _add_type(schema: Schema, node: TypeNode, report: SubgraphReport) -> None:
    built_in_scalar = node.kind is TypeKind.SCALAR and node.name in BUILT_IN_SCALARS
    if node.name in _INTROSPECTION:
        return
    if built_in_scalar and not node.extension:
        return
    if node.name in BUILT_IN_SCALARS and not built_in_scalar:
        report.invalid(f'"{node.name}" is the name of a built-in scalar.', node.at)
        return
    existing = schema.types.get(node.name)
    if not node.extension and existing is not None:
        report.invalid(f'the type "{node.name}" is defined twice.', existing.at, node.at)
        return
    if node.extension and node.name in BUILT_IN_SCALARS and existing is None:
        report.invalid(f'the built-in type "{node.name}" cannot be extended.', node.at)
        return
    class_ = _CLASSES[node.kind]
    if existing is None:
        existing = class_(node.name, node.description, at=node.at, defined=not node.extension)
        schema.types[node.name] = existing
    elif not isinstance(existing, class_):
        report.invalid(
            f'"{node.name}" is extended as {_an(node.kind)} but defined as {_an(_kind_of(existing))}.',
            existing.at,
            node.at,
        )
        return
    if node.extension:
        existing.extensions.append(node.at)
    _fold(existing, node, len(existing.extensions) if node.extension else 0, report)


def _kind_of(type_: TypeDefinition) -> TypeKind:
    return next(kind for kind, class_ in _CLASSES.items() if isinstance(type_, class_))


def _an(kind: TypeKind) -> str:
    word = "object" if kind is TypeKind.OBJECT else kind.value
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _fold(type_: TypeDefinition, node: TypeNode, extension: int, report: SubgraphReport) -> None:
    """Adds what one definition or extension says to its type."""
    for directive in node.directives:
        directive.extension = extension
        type_.directives.append(directive)
    match type_:
        case ObjectType() | InterfaceType():
            for name, at in node.interfaces:
                if name in type_.interfaces:
                    report.invalid(f'"{type_.name}" implements "{name}" twice.', type_.interfaces[name], at)
                type_.interfaces[name] = at
            _fold_fields(type_.name, type_.fields, node.fields, extension, report)
        case InputType():
            _fold_fields(type_.name, type_.fields, node.input_fields, extension, report)
        case EnumType():
            _fold_values(type_.values, node.values, extension)
        case UnionType():
            for name, at in node.members:
                if name in type_.members:
                    report.invalid(f'the union "{type_.name}" lists "{name}" twice.', type_.members[name], at)
                type_.members[name] = at
        case ScalarType():
            pass


def _fold_fields(
    owner: str, into: dict[str, _Member], members: list[_Member], extension: int, report: SubgraphReport
) -> None:
    for member in members:
        if member.name in into:
            report.invalid(f'"{owner}.{member.name}" is defined twice.', into[member.name].at, member.at)
            continue
        member.extension = extension
        into[member.name] = member


def _fold_values(into: dict[str, EnumValue], values: list[EnumValue], extension: int) -> None:
    """A value listed twice is one value, with what either listing says of it."""
    for value in values:
        first = into.get(value.name)
        if first is None:
            value.extension = extension
            into[value.name] = value
        else:
            first.directives += value.directives
            first.description = value.description if first.description is None else first.description


def _set_default_roots(schema: Schema) -> None:
    """Object types named Query, Mutation and Subscription are roots, unless the schema definition names
    others.
    """
    for operation, name in DEFAULT_ROOTS.items():
        if isinstance(schema.types.get(name), ObjectType):
            schema.definition.roots[operation] = name


def _build_schema_definition(schema: Schema, nodes: list[SchemaNode], report: SubgraphReport) -> None:
    definition = schema.definition
    named: dict[str, int] = {}
    for number, node in enumerate(nodes):
        if not node.extension:
            if definition.written:
                report.invalid("the schema is defined twice.", definition.at, node.at)
            definition.written, definition.at, definition.description = True, node.at, node.description
        for directive in node.directives:
            directive.extension = number if node.extension else 0
            definition.directives.append(directive)
        for operation, name, at in node.roots:
            if operation in named:
                report.invalid(f"the {operation} root is named twice.", named[operation], at)
            named[operation] = at
            match schema.types.get(name):
                case ObjectType():
                    definition.roots[operation] = name
                case None:
                    report.invalid(f'the {operation} root type "{name}" is not defined.', at)
                case other:
                    report.invalid(
                        f'the {operation} root type "{name}" must be an object type.', at, other.at
                    )
    _check_roots_differ(definition, named, report)


def _check_roots_differ(definition: SchemaDefinition, named: dict[str, int], report: SubgraphReport) -> None:
    """Each root has a type of its own (GraphQL 3.3.1)."""
    first: dict[str, str] = {}
    for operation, name in definition.roots.items():
        other = first.setdefault(name, operation)
        if other != operation:
            tokens = (named.get(other, NOWHERE), named.get(operation, NOWHERE))
            report.invalid(f'"{name}" is both the {other} and the {operation} root type.', *tokens)


def copy_schema(schema: Schema) -> Schema:
    """A copy whose types, fields, arguments and lists of directives can change without changing the
    original.
    """
    return Schema(
        {name: _copy_type(type_) for name, type_ in schema.types.items()},
        {name: _copy_definition(definition) for name, definition in schema.directives.items()},
        replace(
            schema.definition,
            roots=dict(schema.definition.roots),
            directives=list(schema.definition.directives),
        ),
    )


def _copy_type(type_: TypeDefinition) -> TypeDefinition:
    directives, extensions = list(type_.directives), list(type_.extensions)
    match type_:
        case ObjectType() | InterfaceType():
            fields = {name: _copy_field(field) for name, field in type_.fields.items()}
            return replace(
                type_,
                directives=directives,
                extensions=extensions,
                fields=fields,
                interfaces=dict(type_.interfaces),
            )
        case _:
            return replace(type_, directives=directives, extensions=extensions)


def _copy_field(field: Field) -> Field:
    arguments = {
        name: replace(argument, directives=list(argument.directives))
        for name, argument in field.arguments.items()
    }
    return replace(field, arguments=arguments, directives=list(field.directives))


def _copy_definition(definition: DirectiveDefinition) -> DirectiveDefinition:
    return replace(
        definition, arguments={name: replace(argument) for name, argument in definition.arguments.items()}
    )
