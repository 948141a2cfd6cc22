"""Does everything the API schema mentions exist in it?

Something visible may still need a type that went away with a linked feature: composition never lets a field
return `join__Graph`, but a hand-written supergraph can. Without this check the schema would fail to build
with a message about a type its author never heard of. O(size).
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.api_schema.elements import Hiding, all_inputs
from schema.api_schema.inaccessible import Breach
from schema.model.definitions import BUILT_IN_SCALARS, InterfaceType, ObjectType, Schema, UnionType
from schema.model.type_references import base_name
from schema.report.errors import ErrorCode
from schema.supergraph.links import Features


def find_dangling_references(api: Schema, features: Features) -> list[Breach]:
    """One breach per element whose type is not there; `api` is already stripped."""
    return [
        _breach(coordinate, name, features)
        for coordinate, name in _references(api)
        if name not in api.types and name not in BUILT_IN_SCALARS
    ]


def _breach(coordinate: str, name: str, features: Features) -> Breach:
    if features.owns_type(name):
        message = f'"{coordinate}" is visible to clients but its type "{name}" belongs to a linked feature.'
        return Breach(ErrorCode.REFERENCED_INACCESSIBLE, message, name, coordinate)
    return Breach(
        ErrorCode.INVALID_GRAPHQL, f'"{coordinate}" refers to "{name}", which is not defined.', coordinate
    )


def _references(api: Schema) -> Iterator[tuple[str, str]]:
    for item in all_inputs(api, Hiding("")):
        yield item.coordinate, base_name(item.element.type)
    for type_ in api.types.values():
        match type_:
            case ObjectType() | InterfaceType():
                for name in type_.interfaces:
                    yield type_.name, name
                for field in type_.fields.values():
                    yield f"{type_.name}.{field.name}", base_name(field.type)
            case UnionType():
                for name in type_.members:
                    yield type_.name, name
            case _:
                continue
