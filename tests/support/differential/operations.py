"""A random valid operation over an API schema: what clients write, and what they seldom do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    parse,
    validate,
)
from graphql.validation import specified_rules

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
MAX_DEPTH = 5
CONDITIONS = ("p", "q")


@dataclass(frozen=True, slots=True)
class Operation:
    text: str
    variables: dict[str, Any] = field(default_factory=dict)


def generate_operation(schema: GraphQLSchema, seed: int) -> Operation:
    """Tries until one is valid: two fields of one response key may conflict across types."""
    for attempt in range(50):
        chooser = random.Random(seed * 1000 + attempt)
        writer = Writer(schema, chooser, aliases=chooser.choice([5, 15, 40]))
        operation = writer.operation()
        if not validate(schema, parse(operation.text), specified_rules):
            return operation
    return Operation("{ __typename }")


@dataclass(slots=True)
class Writer:
    schema: GraphQLSchema
    random: random.Random
    used: dict[str, tuple[str, Any]] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    budget: int = 40
    aliases: int = 15
    """How often a field has one, in percent."""

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def operation(self) -> Operation:
        is_mutation = self.schema.mutation_type is not None and self.chance(35)
        root = self.schema.mutation_type if is_mutation else self.schema.query_type
        assert root is not None
        body = self.selection_set(root, 0, is_root=True)
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in sorted(self.used.items()))
        name = self.random.choice(["", " Op"])
        head = f"{'mutation' if is_mutation else 'query'}{name}{f'({declared})' if declared else ''} "
        variables = {name: value for name, (_, value) in self.used.items() if value is not ...}
        return Operation("\n".join([head + body, *self.fragments]), variables)

    def selection_set(self, type_: Composite, depth: int, is_root: bool = False) -> str:
        count = self.random.randint(1, 3 if is_root or depth > 2 else 4) if self.budget > 0 else 1
        lines = [self.selection(type_, depth) for _ in range(count)]
        return "{ " + " ".join(lines) + " }"

    def selection(self, type_: Composite, depth: int) -> str:
        self.budget -= 1
        roll = self.random.randrange(100)
        fields = {} if isinstance(type_, GraphQLUnionType) else type_.fields
        if depth and (roll < 10 or self.budget < 0):
            return self.random.choice(["__typename", "__typename", "kind: __typename"])
        if roll < (45 if not isinstance(type_, GraphQLObjectType) else 15) or not fields:
            return self.fragment(type_, depth)
        return self.field(type_, depth)

    def field(self, type_: Composite, depth: int) -> str:
        assert not isinstance(type_, GraphQLUnionType)
        names: list[str] = list(type_.fields)
        leaves = [n for n in names if not is_composite_type(get_named_type(type_.fields[n].type))]
        objects = [n for n in names if n not in leaves]
        if depth >= MAX_DEPTH and leaves:
            name = self.random.choice(leaves)
        else:  # towards more than one subgraph
            name = self.random.choice(objects if depth < 2 and objects and self.chance(50) else names)
        definition = type_.fields[name]
        named = get_named_type(definition.type)
        if is_composite_type(named) and (depth >= MAX_DEPTH or self.budget < 0):
            return "__typename" if depth else f"{name}{self.arguments(definition)} {{ __typename }}"
        text: str = name + self.arguments(definition)
        if self.chance(self.aliases):
            text = f"{self.random.choice(['k1', 'k2', self.random.choice(names)])}: {text}"
        text += self.condition()
        if is_composite_type(named):
            text += " " + self.selection_set(named, depth + 1)
        return text

    def arguments(self, definition: Any) -> str:
        given = []
        for name in definition.args:
            if self.chance(60):
                given.append(f"{name}: {self.value(name)}")
        return f"({', '.join(given)})" if given else ""

    def value(self, argument: str) -> str:
        if argument == "n":
            if self.chance(30):
                self.used.setdefault("n", ("Int", self.random.choice([2, 5])))
                return "$n"
            return str(self.random.randint(1, 4))
        if argument == "i":
            return self.input_object()
        if self.chance(30):
            self.used.setdefault("c", ("Color", self.random.choice(["RED", None, ...])))
            return "$c"
        return self.random.choice(["RED", "BLUE", "null"])

    def input_object(self) -> str:
        if self.chance(30):
            self.used.setdefault("i", ("In", self.random.choice([{"a": 3, "l": ["é\n", ""]}, {}, None, ...])))
            return "$i"
        parts = [f"{name}: {self.value(kind)}" for name, kind in (("a", "n"), ("c", "c")) if self.chance(60)]
        if self.chance(40):
            parts.append(self.random.choice(['l: ["x"]', 'l: "single"', "l: []"]))
        self.random.shuffle(parts)
        return "{" + ", ".join(parts) + "}"

    def condition(self) -> str:
        if not self.chance(12):
            return ""
        name = self.random.choice(CONDITIONS)
        directive = self.random.choice(["skip", "include"])
        if self.chance(20):
            return f" @{directive}(if: {self.random.choice(['true', 'false'])})"
        self.used.setdefault(name, ("Boolean!", self.chance(50)))
        return f" @{directive}(if: ${name})"

    def fragment(self, type_: Composite, depth: int) -> str:
        condition = self.random.choice(self.conditions_on(type_))
        target = self.schema.type_map[condition]
        body = self.selection_set(target, depth)  # type: ignore[arg-type]
        if self.chance(25):
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {condition} {body}")
            return f"...{name}{self.condition()}"
        head = "..." if condition == type_.name and self.chance(30) else f"... on {condition}"
        return f"{head}{self.condition()} {body}"

    def conditions_on(self, type_: Composite) -> list[str]:
        """Types whose objects can meet this type's."""
        own = self.possible(type_)
        return [
            t.name
            for t in self.schema.type_map.values()
            if isinstance(t, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
            and not t.name.startswith("__")
            and own & self.possible(t)
        ]

    def possible(self, type_: Composite) -> set[str]:
        if isinstance(type_, GraphQLObjectType):
            return {type_.name}
        return {t.name for t in self.schema.get_possible_types(type_)}
