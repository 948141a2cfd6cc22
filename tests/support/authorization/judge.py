"""What the protections of a graph mean for a caller: which types may be entered, which fields read.

The requirements of an element are a list of protections, all of which must grant. A type asks for its own
and, an interface, for those of its implementations; a field for those on it, on the type it returns and on
whatever its @requires or context reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)

from tests.support.authorization.protect import Caller, Protection, Protections
from tests.support.differential.model import Declaration, Model
from tests.support.plan_checker.field_set import field_set


class Judge:
    def __init__(self, model: Model, schema: GraphQLSchema, protections: Protections) -> None:
        self.model = model
        self.schema = schema
        self.protections = protections
        self._of_type = cache(self._type)
        self._of_field = cache(self._field)

    def may_enter(self, caller: Caller, type_name: str) -> bool:
        return all(protection.grants(caller) for protection in self._of_type(type_name))

    def may_read(self, caller: Caller, type_name: str, name: str) -> bool:
        return all(protection.grants(caller) for protection in self._of_field(type_name, name))

    def _members(self, type_name: str) -> list[str]:
        type_ = self.schema.get_type(type_name)
        if isinstance(type_, GraphQLInterfaceType):
            return [one.name for one in self.schema.get_possible_types(type_)]
        return []

    def _type(self, name: str) -> frozenset[Protection]:
        own = [self.protections.types.get(one) for one in (name, *self._members(name))]
        return frozenset(one for one in own if one is not None)

    def _field(self, type_name: str, name: str) -> frozenset[Protection]:
        own = self.protections.fields.get((type_name, name))
        found = frozenset() if own is None else frozenset((own,))
        for member in self._members(type_name):
            found |= self._field(member, name)
        type_ = self.schema.get_type(type_name)
        returns = get_named_type(type_.fields[name].type).name  # type: ignore[union-attr]
        return found | self._of_type(returns) | self._reads(type_name, name)

    def _reads(self, type_name: str, name: str) -> frozenset[Protection]:
        found: frozenset[Protection] = frozenset()
        for declaration in self._declarations(type_name, name):
            if declaration.requires:
                found |= self._selected(type_name, field_set(declaration.requires))
            if declaration.context:
                context, _, text = declaration.context.partition(" ")
                for setter in self.model.types.values():
                    if any(set_ == context[1:] for set_, _ in setter.contexts.values()):
                        found |= self._of_type(setter.name)
                        found |= self._selected(setter.name, field_set(text.strip("{ }")))
        return found

    def _declarations(self, type_name: str, name: str) -> Iterator[Declaration]:
        """Of a field that interface objects bring: theirs, which read fields of the object itself."""
        type_ = self.schema.get_type(type_name)
        interfaces = type_.interfaces if isinstance(type_, GraphQLObjectType) else ()
        for owner in (type_name, *(one.name for one in interfaces)):
            declared = self.model.types.get(owner)
            definition = declared.fields.get(name) if declared is not None else None
            if definition is not None:
                yield from definition.declared.values()
                return

    def _selected(self, type_name: str, selection_set: SelectionSetNode) -> frozenset[Protection]:
        found: frozenset[Protection] = frozenset()
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                found |= self._of_field(type_name, selection.name.value)
                if selection.selection_set is not None:
                    type_ = self.schema.get_type(type_name)
                    field = type_.fields[selection.name.value]  # type: ignore[union-attr]
                    found |= self._selected(get_named_type(field.type).name, selection.selection_set)
            elif isinstance(selection, InlineFragmentNode) and selection.type_condition is not None:
                inner = selection.type_condition.name.value
                found |= self._of_type(inner) | self._selected(inner, selection.selection_set)
        return found
