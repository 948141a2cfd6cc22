"""Which input fields and enum values a default value mentions, at any depth.

A default such as `{state: OPEN}` stops working when `Filter.state` or `State.OPEN` is hidden, so the rules
of @inaccessible must know. The value is read beside its declared type; a part that does not fit the type is
somebody else's error and mentions nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    EnumValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    TypeNode,
    ValueNode,
)

from schema.api_schema.elements import Elements, InputElement, named_type


def elements_used_by_default(element: InputElement, elements: Elements) -> Iterator[str]:
    """The coordinates of input fields and enum values in the default of an argument or input field."""
    if element.default is not None:
        yield from _used(element.default, element.type, elements)


def _used(value: ValueNode, declared: TypeNode, elements: Elements) -> Iterator[str]:
    while isinstance(declared, NonNullTypeNode):
        declared = declared.type
    if isinstance(value, ListValueNode):
        if isinstance(declared, ListTypeNode):
            for item in value.values:
                yield from _used(item, declared.type, elements)
        return
    target = elements.types.get(named_type(declared))
    if target is None:
        return
    if isinstance(value, EnumValueNode) and value.value in target.values:
        yield target.values[value.value].coordinate
    elif isinstance(value, ObjectValueNode):
        for field in value.fields:
            input_field = target.inputs.get(field.name.value)
            if input_field is not None:
                yield input_field.coordinate
                yield from _used(field.value, input_field.type, elements)
