"""Every type has the fields of its interfaces, once both are merged from different subgraphs."""

from __future__ import annotations

from schema.merge.state import Merge
from schema.model.definitions import InterfaceType, ObjectType, TypeDefinition
from schema.report.errors import ErrorCode, Location
from schema.report.wording import subgraphs


def check_implementations(merge: Merge) -> None:
    """Every object and interface type against every interface it implements."""
    for type_ in merge.merged.fields_types():
        for name in type_.interfaces:
            interface = merge.merged.types.get(name)
            if isinstance(interface, InterfaceType):
                for field in interface.fields:
                    if field not in type_.fields:
                        _fail(merge, type_, interface, field)


def _fail(merge: Merge, type_: TypeDefinition, interface: InterfaceType, field: str) -> None:
    declaring: list[str] = []
    implementing: list[str] = []
    places: list[Location] = []
    for number, subgraph in enumerate(merge.subgraphs):
        declared = subgraph.schema.types.get(interface.name)
        if isinstance(declared, InterfaceType) and field in declared.fields:
            declaring.append(subgraph.name)
            places += merge.place(number, declared.fields[field])
        source = subgraph.schema.types.get(type_.name)
        if isinstance(source, ObjectType | InterfaceType) and interface.name in source.interfaces:
            implementing.append(subgraph.name)
            places += merge.place(number, source)
    merge.fail(
        ErrorCode.INTERFACE_FIELD_NO_IMPLEM,
        f'"{interface.name}.{field}" is declared in {subgraphs(declaring)}, but "{type_.name}", which '
        f'implements "{interface.name}" in {subgraphs(implementing)}, has no field "{field}" anywhere.',
        places,
    )
