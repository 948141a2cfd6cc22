"""The data behind a model: every value follows from the seed, the object, the field and its arguments.

Nothing is stored, so the data graph is endless and two subgraphs that share a field agree on it. Entities
are `Obj(type, index)` with few indices; value objects are named by the path that leads to them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, value_from_ast_untyped

from tests.support.differential.model import Field, Model
from tests.support.plan_checker.field_set import field_set

ENTITIES = 3
"""Objects of each entity type."""
NULL_PERCENT = 12


FAULT_PERCENT = 6


class Fault(Exception):
    """A resolver that fails; the same one in the merged schema and in every subgraph that has the field."""


@dataclass(frozen=True, slots=True)
class Obj:
    type: str
    ident: str
    context: Any = field(default=None, compare=False)
    """What the object above gives for contextual arguments."""

    def __str__(self) -> str:
        return f"{self.type}-{self.ident}"


@dataclass(slots=True)
class World:
    model: Model
    labels: frozenset[str] = frozenset({"on"})
    """Override labels that are on."""
    faulty: bool = False
    """Some nullable fields fail to resolve."""
    mutations: int = 0
    """Mutations executed so far: a mutation's answer tells its turn."""
    cache: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def roll(self, *parts: Any) -> int:
        text = "|".join(map(str, (self.model.seed, *parts)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")

    def resolve(self, obj: Obj, name: str, arguments: dict[str, Any]) -> Any:
        """The truth about one field of one object. Raises `Fault` when that field fails."""
        definition = self.model.field_of(obj.type, name)
        self.check_fault(obj, definition, arguments)
        if obj.type == "Mutation":
            return self._mutate(obj, definition, arguments)
        if any(d.context for d in definition.declared.values()):
            return contextual_answer(definition.name, arguments, obj.context)
        key = (obj, name, json.dumps(arguments, sort_keys=True))
        if key not in self.cache:
            self.cache[key] = self._resolve(obj, definition, arguments)
        return self.cache[key]

    def check_fault(self, obj: Obj, definition: Field, arguments: dict[str, Any]) -> None:
        """Raises `Fault` when the field is one that fails."""
        if not self.faulty or definition.type.endswith("!") or obj.type in ("Query", "Mutation"):
            return
        where = (obj, definition.name, json.dumps(arguments, sort_keys=True))
        if self.roll("fault", *where) % 100 < FAULT_PERCENT:
            raise Fault(f"{obj}.{definition.name} fails")

    def _mutate(self, obj: Obj, definition: Field, arguments: dict[str, Any]) -> Any:
        self.mutations += 1
        if definition.named_type == "String":
            return f"{definition.name}{json.dumps(arguments, sort_keys=True)} was number {self.mutations}"
        return self._value(obj, definition, definition.type, (self.mutations, arguments))

    def _resolve(self, obj: Obj, definition: Field, arguments: dict[str, Any]) -> Any:
        if definition.name in ("id", "sku", "x", "y") and self.model.types[obj.type].is_entity:
            return f"{definition.name}:{obj}"
        if definition.name in ("a", "b") and obj.type.endswith("Ref"):
            return f"{definition.name}:{obj.ident}"
        requires = next((d.requires for d in definition.declared.values() if d.requires), None)
        if requires is not None:
            return required_answer(definition.name, self.required(obj, field_set(requires)))
        value = self._value(obj, definition, definition.type, (json.dumps(arguments, sort_keys=True),))
        return self._in_context(obj, definition, value)

    def _in_context(self, obj: Obj, definition: Field, value: Any) -> Any:
        """Objects below one that sets a context know its value."""
        if isinstance(value, list):
            return [self._in_context(obj, definition, item) for item in value]
        if not isinstance(value, Obj) or not value.type.startswith("K"):
            return value
        ((_, taken),) = self.model.types[obj.type].contexts.values()
        return Obj(value.type, value.ident, self.resolve(obj, taken, {}))

    def required(self, obj: Obj, selection_set: SelectionSetNode) -> dict[str, Any]:
        """What a representation of `obj` holds for a field set, by the truth."""
        found: dict[str, Any] = {}
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    arguments = {
                        a.name.value: value_from_ast_untyped(a.value) for a in selection.arguments or ()
                    }
                    arguments = self.with_defaults(obj.type, selection.name.value, arguments)
                    value = self.resolve(obj, selection.name.value, arguments)
                    found[selection.name.value] = self._below(value, selection.selection_set)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    if condition is None or condition.name.value == obj.type:
                        found |= self.required(obj, selection.selection_set)
        return found

    def _below(self, value: Any, selection_set: SelectionSetNode | None) -> Any:
        if isinstance(value, list):
            return [self._below(item, selection_set) for item in value]
        return self.required(value, selection_set) if isinstance(value, Obj) and selection_set else value

    def with_defaults(self, type_name: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        declared = self.model.field_of(type_name, name).arguments
        defaults = {
            argument: json.loads(text.partition("= ")[2])
            for argument, text in declared.items()
            if "= " in text
        }
        return {**defaults, **arguments}

    def _value(self, obj: Obj, definition: Field, type_: str, salt: tuple[Any, ...]) -> Any:
        where = (obj, definition.name, *salt)
        if type_.endswith("!"):
            return self._present(obj, definition, type_[:-1], salt)
        at_root = obj.type in ("Query", "Mutation")  # an empty answer tests nothing
        if self.roll("null", *where) % 100 < (1 if at_root else NULL_PERCENT):
            return None
        return self._present(obj, definition, type_, salt)

    def _present(self, obj: Obj, definition: Field, type_: str, salt: tuple[Any, ...]) -> Any:
        where = (obj, definition.name, *salt)
        if type_.startswith("["):
            length = self.roll("length", *where) % 4 or int(obj.type == "Query")
            return [self._value(obj, definition, type_[1:-1], (*salt, i)) for i in range(length)]
        number = self.roll("value", *where)
        match type_:
            case "String" | "ID":
                return f"{definition.name}:{obj}:{number % 1000}"
            case "Int":
                return number % 1000 - 500
            case "Float":
                return (number % 1000) / 4
            case "Boolean":
                return number % 2 == 0
        named = self.model.types[type_]
        if named.kind == "enum":
            return named.values[number % len(named.values)]
        return self._object(definition, type_, number)

    def _object(self, definition: Field, type_: str, number: int) -> Obj | None:
        names = self.types_at(definition, type_)
        if not names:
            return None
        name = names[number % len(names)]
        if self.model.types[name].is_entity:
            return Obj(name, str(number // 7 % ENTITIES))
        return Obj(name, str(number % 10**6))

    def types_at(self, definition: Field, type_: str) -> list[str]:
        """Types that every subgraph resolving the field knows there: they promise to agree."""
        by = [self.model.possible(type_, s) for s, d in definition.declared.items() if d.resolves]
        return sorted(set(by[0]).intersection(*by[1:]))

    def has_truth(self) -> bool:
        """Whether what is never null can be something: a type that everyone who resolves the field knows."""
        return all(
            self.types_at(each, each.named_type)
            for kind in self.model.types.values()
            for each in kind.fields.values()
            if f"{each.named_type}!" in each.type and each.named_type in self.model.types
            if self.model.types[each.named_type].kind in ("interface", "union")
        )

    def find_entity(self, type_name: str, given: dict[str, Any], key: str) -> Obj | None:
        """The entity whose key fields have the given values."""
        names = self.model.possible(type_name, self.model.types[type_name].interface_object_in or "")
        if self.model.types[type_name].kind == "interface":
            names = self.model.types[type_name].all_members()
        for name in names:
            for index in range(ENTITIES):
                obj = Obj(name, str(index))
                truth = self.required(obj, field_set(key))
                if all(given.get(part) == value for part, value in truth.items()):
                    return obj
        return None


def contextual_answer(name: str, arguments: dict[str, Any], value: Any) -> str:
    return f"{name}{json.dumps(arguments, sort_keys=True)} in {json.dumps(value)}"


def required_answer(name: str, required: dict[str, Any]) -> str:
    return f"{name} of {json.dumps(required, sort_keys=True)}"
