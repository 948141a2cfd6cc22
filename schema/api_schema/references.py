"""Does anything clients see still need a type that went away with a linked feature?

Only a hand-written supergraph can: composition never lets a field return `join__Graph`. Without this check
the schema would fail to build with a message about a type its author never heard of.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DocumentNode

from schema.api_schema.elements import Elements, InputElement, gather, named_type
from schema.api_schema.features import Features
from schema.api_schema.inaccessible import Breach
from schema.errors import ErrorCode


def find_dangling_references(document: DocumentNode, features: Features) -> list[Breach]:
    """One breach per visible element whose type a feature owns; `document` is already stripped. O(size)."""
    if not features.linked:
        return []
    return [
        Breach(
            ErrorCode.REFERENCED_INACCESSIBLE,
            f'"{coordinate}" is visible to clients but its type "{name}" belongs to a linked feature.',
            name,
            coordinate,
        )
        for coordinate, name in _references(gather(document, ""))
        if features.owns_type(name)
    ]


def _references(elements: Elements) -> Iterator[tuple[str, str]]:
    for directive in elements.directives.values():
        yield from map(_reference, directive.arguments.values())
    for element in elements.types.values():
        for name in (*element.interfaces, *element.members):
            yield element.name, name
        for item in element.fields.values():
            yield item.coordinate, named_type(item.type)
            yield from map(_reference, item.arguments.values())
        yield from map(_reference, element.inputs.values())


def _reference(element: InputElement) -> tuple[str, str]:
    return element.coordinate, named_type(element.type)
