"""Fields that an @interfaceObject gives to every type that implements its interface."""

from __future__ import annotations

from schema.merge.applied import AppliedDirectives
from schema.merge.fields import check_sharing
from schema.merge.objects import provided_by_interface_object
from schema.merge.overrides import NO_OVERRIDES
from schema.merge.state import Merge
from schema.model.definitions import Directive, Field, InputValue, InterfaceType, ObjectType


def add_interface_object_fields(merge: Merge, directives: AppliedDirectives) -> None:
    """Adds to object types the interface fields that they lack and an @interfaceObject resolves."""
    if not merge.interface_objects:
        return
    for type_ in list(merge.merged.object_types()):
        for interface_name in type_.interfaces:
            interface = merge.merged.types[interface_name]
            if isinstance(interface, InterfaceType):
                for field in interface.fields.values():
                    _add(merge, directives, type_, interface, field)


def _add(
    merge: Merge, directives: AppliedDirectives, type_: ObjectType, interface: InterfaceType, field: Field
) -> None:
    existing = type_.fields.get(field.name)
    provided = provided_by_interface_object(merge, interface.name, field.name)
    coordinate = f"{type_.name}.{field.name}"
    if existing is not None:
        if provided and _is_fully_external(existing):
            _copy_directives(merge, directives, field, existing, coordinate)
        return
    if not provided:
        return
    added = Field(field.name, field.type, description=field.description)
    _copy_directives(merge, directives, field, added, coordinate)
    for argument in field.arguments.values():
        copied = InputValue(
            argument.name,
            argument.type,
            argument.has_default,
            argument.default,
            _composed(argument.directives),
            argument.description,
        )
        added.arguments[argument.name] = copied
    added.directives.append(Directive("join__field", {}))
    type_.fields[field.name] = added
    nobody: dict[int, Field | None] = dict.fromkeys(range(len(merge.subgraphs)))
    check_sharing(merge, type_, field.name, nobody, NO_OVERRIDES)


def _is_fully_external(field: Field) -> bool:
    joins = [directive for directive in field.directives if directive.name == "join__field"]
    return bool(joins) and all(join.arguments.get("external") is True for join in joins)


def _copy_directives(
    merge: Merge, directives: AppliedDirectives, source: Field, field: Field, coordinate: str
) -> None:
    """What composes, except requirements on access: those are worked out for the type itself."""
    directives.copy_auth(field, coordinate)
    auth = set(directives.auth_names())
    field.directives += [
        directive for directive in _composed(source.directives) if directive.name not in auth
    ]


def _composed(directives: list[Directive]) -> list[Directive]:
    return [directive for directive in directives if not directive.name.startswith("join__")]
