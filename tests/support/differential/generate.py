"""A random federated schema from a seed: the stages, in order.

Entities come first, with keys that always lead through a hub subgraph, so that most schemas are satisfiable;
then value types, abstract types, fields, and the directives that bend ownership. A schema the composer
refuses is thrown away by the caller and the next one tried.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.support.differential.model import Declaration, Field, Key, Model, Type

ROOTS = ("Query", "Mutation")
INTERFACE_OBJECTS = "o"
"""The subgraph of interface objects: it may not know the interface's members, so it does nothing else."""
SCALARS = ("String", "Int", "Float", "Boolean", "ID")


def generate_model(seed: int) -> Model:
    generator = Generator.of(seed)
    generator.enum()
    generator.entities()
    generator.value_types()
    generator.abstract_types()
    generator.fields()
    generator.interface_object()
    generator.requires()
    generator.provides()
    generator.overrides()
    generator.roots()
    return generator.model


@dataclass(slots=True)
class Generator:
    random: random.Random
    model: Model
    names: int = 0

    @classmethod
    def of(cls, seed: int) -> Generator:
        chooser = random.Random(seed)
        return cls(chooser, Model(seed, list("abcd"[: chooser.randint(2, 4)])))

    # -- helpers

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def some(self, items: list[str], low: int = 1, high: int | None = None) -> list[str]:
        count = self.random.randint(low, min(high or len(items), len(items)))
        chosen = set(self.random.sample(items, count))
        return [item for item in items if item in chosen]

    def fresh(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def add(self, type_: Type) -> Type:
        self.model.types[type_.name] = type_
        return type_

    def of_kind(self, predicate: str) -> list[Type]:
        types = self.model.types.values()
        match predicate:
            case "entity":
                return [t for t in types if t.is_entity]
            case "value":
                return [t for t in types if t.kind == "object" and not t.is_entity and t.name[0] == "V"]
            case _:
                return [t for t in types if t.kind == predicate]

    def declare(self, type_: Type, field: Field, subgraphs: list[str]) -> None:
        """The named subgraphs resolve the field, shared when there are several."""
        type_.fields[field.name] = field
        for subgraph in subgraphs:
            self.ensure(type_.name, subgraph)
            if field.named_type in self.model.types:
                self.ensure(field.named_type, subgraph)
            field.declared[subgraph] = Declaration(shareable=len(subgraphs) > 1)

    def ensure(self, name: str, subgraph: str) -> None:
        """Makes a type known to a subgraph: an entity as a stub, a value type whole."""
        type_ = self.model.types[name]
        if subgraph in type_.subgraphs:
            return
        type_.subgraphs.append(subgraph)
        if type_.is_entity:
            keys = [key.fields for hub in type_.keys.values() for key in hub]
            self.add_key(type_, subgraph, self.random.choice(keys), resolvable=self.chance(50))
        elif type_.kind in ("interface", "union"):
            self.abstract_in(type_, subgraph)
        elif type_.kind == "object" and name not in ROOTS:
            for field in type_.fields.values():
                if field.named_type in self.model.types:
                    self.ensure(field.named_type, subgraph)
                field.declared[subgraph] = Declaration(shareable=True)

    def add_key(self, type_: Type, subgraph: str, fields: str, resolvable: bool = True) -> None:
        if any(key.fields == fields for key in type_.keys.get(subgraph, [])):
            return
        type_.keys.setdefault(subgraph, []).append(Key(fields, resolvable))
        names = ["ref"] if fields.startswith("ref") else fields.split()
        for name in names:
            if name == "ref":
                self.ensure(f"{type_.name}Ref", subgraph)
            type_.fields[name].declared.setdefault(subgraph, Declaration(shareable=True))

    # -- stages

    def enum(self) -> None:
        self.add(Type("Color", "enum", values=["RED", "GREEN", "BLUE"], subgraphs=list(self.model.subgraphs)))

    def entities(self) -> None:
        for index in range(self.random.randint(2, 4)):
            self.entity(f"E{index}")

    def entity(self, name: str) -> None:
        type_ = self.add(Type(name))
        keys = ["id"] + [k for k in ("sku", "ref { a b }", "x y") if self.chance(20)]
        type_.fields["id"] = Field("id", "ID!")
        for key in keys[1:]:
            for part in key.split() if key == "x y" else [key.split()[0]]:
                type_.fields[part] = Field(part, f"{name}Ref!" if part == "ref" else "String!")
        if "ref" in type_.fields:
            ref = self.add(Type(f"{name}Ref"))
            ref.fields = {"a": Field("a", "String!"), "b": Field("b", "String!")}
        home = self.some(self.model.subgraphs)
        hub = self.random.choice(home)
        type_.subgraphs = list(home)
        for subgraph in home:
            for key in keys if subgraph == hub else self.some(keys, 1, 2):
                self.add_key(type_, subgraph, key)

    def value_types(self) -> None:
        for index in range(self.random.randint(0, 2)):
            type_ = self.add(Type(f"V{index}"))
            for _ in range(self.random.randint(2, 3)):
                self.declare(type_, self.any_field(["scalar", "scalar", "entity"]), [])
            if index and self.chance(50):
                self.declare(type_, Field(self.fresh("f"), "V0"), [])

    def abstract_types(self) -> None:
        for index in range(self.random.randint(0, 2)):
            self.union(f"U{index}")
        for index in range(self.random.randint(0, 2)):
            self.interface(f"I{index}")

    def union(self, name: str) -> None:
        members = [t.name for t in self.of_kind("entity") + self.of_kind("value")]
        type_ = self.add(Type(name, "union"))
        common = self.random.choice(members)
        for subgraph in self.some(self.model.subgraphs, 1, 2):
            type_.subgraphs.append(subgraph)
            type_.members[subgraph] = sorted({common, *self.some(members, 1, 3)})
            for member in type_.members[subgraph]:
                self.ensure(member, subgraph)

    def abstract_in(self, type_: Type, subgraph: str) -> None:
        """A further subgraph takes the members and fields of one that has the type."""
        source = type_.subgraphs[0]
        type_.members[subgraph] = list(type_.members[source])
        for member in type_.members[subgraph]:
            self.ensure(member, subgraph)
        for field in type_.fields.values():
            if field.declared.get(source) is None:
                continue
            if field.named_type in self.model.types:
                self.ensure(field.named_type, subgraph)
            field.declared[subgraph] = Declaration()
            for member in type_.members[subgraph]:
                self.share(self.model.types[member].fields[field.name], subgraph)

    def entered(self, type_: Type) -> list[str]:
        """Subgraphs that resolve the entity by a key."""
        return [
            s
            for s in type_.subgraphs
            if s != INTERFACE_OBJECTS and any(k.resolvable for k in type_.keys.get(s, []))
        ]

    def share(self, field: Field, subgraph: str) -> None:
        field.declared.setdefault(subgraph, Declaration())
        if field.name not in ("id", "sku", "x", "y", "ref"):
            for declaration in field.declared.values():
                declaration.shareable = declaration.shareable or len(field.declared) > 1

    def interface(self, name: str) -> None:
        entities = [t.name for t in self.of_kind("entity")]
        pool = entities if self.chance(70) else entities + [t.name for t in self.of_kind("value")]
        members = self.some(pool, 1, 3)
        type_ = self.add(Type(name, "interface"))
        homes = self.some(self.model.subgraphs, 1, 2)
        for subgraph in homes:
            type_.subgraphs.append(subgraph)
            type_.members[subgraph] = self.some(members)
            for member in type_.members[subgraph]:
                self.ensure(member, subgraph)
        fields = [self.any_field(["scalar", "scalar", "entity"]) for _ in range(self.random.randint(1, 2))]
        for field in fields:
            type_.fields[field.name] = Field(field.name, field.type, dict(field.arguments))
            for subgraph in homes:
                if field.named_type in self.model.types:
                    self.ensure(field.named_type, subgraph)
                type_.fields[field.name].declared[subgraph] = Declaration()
            for member in type_.all_members():
                having = [s for s in homes if member in type_.members[s]]
                self.declare(
                    self.model.types[member], Field(field.name, field.type, dict(field.arguments)), having
                )
        if all(self.model.types[m].is_entity for m in type_.all_members()) and self.chance(60):
            self.interface_id(type_)

    def interface_id(self, type_: Type) -> None:
        """`id` on the interface where every member has it; with one home, maybe as the interface's key."""
        type_.fields["id"] = Field("id", "ID!")
        for subgraph in type_.subgraphs:
            type_.fields["id"].declared[subgraph] = Declaration()
            for member in type_.members[subgraph]:
                self.add_key(self.model.types[member], subgraph, "id")
                self.model.types[member].keys[subgraph] = [
                    Key(k.fields, k.resolvable or k.fields == "id")
                    for k in self.model.types[member].keys[subgraph]
                ]
        if len(type_.subgraphs) == 1:
            type_.keys[type_.subgraphs[0]] = [Key("id")]

    def any_field(self, kinds: list[str]) -> Field:
        kind = self.random.choice(kinds)
        named = self.random.choice((*SCALARS, "Color"))
        targets = [] if kind == "scalar" else self.of_kind(kind)
        if targets:
            named = self.random.choice(targets).name
        type_ = self.wrapped(named)
        arguments = {}
        if self.chance(20):
            arguments["n"] = "Int = 1"
        if self.chance(12):
            arguments["c"] = "Color"
        return Field(self.fresh("f"), type_, arguments)

    def wrapped(self, named: str) -> str:
        if self.chance(30):
            named += "!"
        if self.chance(25):
            named = f"[{named}]"
            if self.chance(8):
                named = f"[{named}]"
            if self.chance(30):
                named += "!"
        return named

    def fields(self) -> None:
        kinds = ["scalar", "scalar", "scalar", "entity", "entity", "value", "interface", "union"]
        for type_ in self.of_kind("entity"):
            for _ in range(self.random.randint(2, 6)):
                homes = self.entered(type_)
                if homes:
                    self.declare(
                        type_, self.any_field(kinds), self.some(homes, 1, 2 if self.chance(30) else 1)
                    )

    def interface_object(self) -> None:
        """A further subgraph that knows a keyed interface only as an object, and adds fields to it."""
        keyed = [t for t in self.of_kind("interface") if t.keys]
        if not keyed or self.chance(30):
            return
        type_ = self.random.choice(keyed)
        subgraph = INTERFACE_OBJECTS
        self.model.subgraphs.append(subgraph)
        self.model.types["Color"].subgraphs.append(subgraph)
        type_.subgraphs.append(subgraph)
        type_.interface_object_in = subgraph
        type_.keys[subgraph] = [Key("id")]
        type_.fields["id"].declared[subgraph] = Declaration()
        others = [t.name for t in self.of_kind("entity") if t.name not in type_.all_members()]
        for _ in range(self.random.randint(1, 3)):
            field = Field(self.fresh("f"), self.wrapped(self.random.choice([*SCALARS, *others])))
            if field.named_type in others:
                self.ensure(field.named_type, subgraph)
            type_.fields[field.name] = field
            field.declared[subgraph] = Declaration()
        shared = [f for f in type_.fields.values() if f.named_type in SCALARS and subgraph not in f.declared]
        if shared and self.chance(50):
            needed = self.random.choice(shared)
            needed.declared[subgraph] = Declaration(external=True)
            computed = Field(self.fresh("r"), "String")
            computed.declared[subgraph] = Declaration(requires=needed.name)
            type_.fields[computed.name] = computed

    def requires(self) -> None:
        for _ in range(self.random.randint(0, 3)):
            type_ = self.random.choice(self.of_kind("entity"))
            homes = self.entered(type_)
            if homes:
                self.require(type_, self.random.choice(homes))

    def require(self, type_: Type, subgraph: str) -> None:
        needed = [
            f for f in type_.fields.values() if subgraph not in f.declared and self.requirable(f, subgraph)
        ]
        if not needed:
            return
        texts = []
        for field in self.random.sample(needed, min(len(needed), self.random.randint(1, 2))):
            text = self.required_text(field, subgraph)
            if text is not None:
                field.declared[subgraph] = Declaration(external=True)
                texts.append(text)
        if texts:
            computed = Field(self.fresh("r"), "String")
            computed.declared[subgraph] = Declaration(requires=" ".join(texts))
            type_.fields[computed.name] = computed

    def requirable(self, field: Field, subgraph: str) -> bool:
        named = self.model.types.get(field.named_type)
        return named is None or named.kind in ("object", "enum")

    def required_text(self, field: Field, subgraph: str) -> str | None:
        text = field.name
        if "n" in field.arguments and self.chance(60):
            text += f"(n: {self.random.randint(2, 4)})"
        named = self.model.types.get(field.named_type)
        if named is None or named.kind == "enum":
            return text
        self.ensure(named.name, subgraph)
        below = [
            f.name
            for f in named.fields.values()
            if f.named_type not in self.model.types
            and (subgraph in f.declared or f.declared)
            and not any(d.requires for d in f.declared.values())
        ]
        if not below:
            return None
        name = self.random.choice(below)
        named.fields[name].declared.setdefault(subgraph, Declaration(external=True))
        return f"{text} {{ {name} }}"

    def provides(self) -> None:
        for _ in range(self.random.randint(0, 2)):
            type_ = self.random.choice(self.of_kind("entity"))
            candidates = [
                (field, subgraph)
                for field in type_.fields.values()
                for subgraph, d in field.declared.items()
                if d.resolves and not d.requires and not d.provides and field.named_type in self.model.types
            ]
            if candidates:
                self.provide(*self.random.choice(candidates))

    def provide(self, field: Field, subgraph: str) -> None:
        named = self.model.types[field.named_type]
        if not named.is_entity:
            return
        given = [
            f
            for f in named.fields.values()
            if f.named_type not in self.model.types
            and not f.arguments
            and not any(d.requires or d.override or d.overridden for d in f.declared.values())
            and (subgraph not in f.declared or f.declared[subgraph].external)
        ]
        if not given:
            return
        provided = self.random.choice(given)
        provided.declared.setdefault(subgraph, Declaration(external=True))
        for declaration in provided.declared.values():
            declaration.shareable = not declaration.external
        field.declared[subgraph].provides = provided.name

    def overrides(self) -> None:
        for type_ in self.of_kind("entity"):
            for field in list(type_.fields.values()):
                if self.chance(8):
                    self.override(type_, field)

    def override(self, type_: Type, field: Field) -> None:
        takers = [s for s in self.entered(type_) if s not in field.declared]
        plain = len(field.declared) == 1 and field.name not in ("id", "sku", "x", "y", "ref")
        inherited = any(
            field.name in i.fields for i in self.of_kind("interface") if type_.name in i.all_members()
        )
        if not takers or not plain or inherited:
            return
        ((owner, declaration),) = field.declared.items()
        if declaration.requires or declaration.provides or declaration.external:
            return
        taker = self.random.choice(takers)
        if field.named_type in self.model.types:
            self.ensure(field.named_type, taker)
        declaration.overridden = True
        field.declared[taker] = Declaration(override=owner)

    def roots(self) -> None:
        query = self.add(Type("Query", subgraphs=[]))
        kinds = ["scalar", "entity", "entity", "entity", "value", "interface", "union"]
        for subgraph in self.model.subgraphs:
            for _ in range(self.random.randint(1, 3)):
                if subgraph != INTERFACE_OBJECTS:
                    self.declare(query, self.any_field(kinds), [subgraph])
        if len(self.model.subgraphs) > 1 and self.chance(40):
            pair = self.some([s for s in self.model.subgraphs if s != INTERFACE_OBJECTS], 2, 2)
            self.declare(query, self.any_field(["entity", "interface", "union", "value"]), pair)
        for type_ in self.of_kind("interface"):
            if type_.interface_object_in:
                field = Field(self.fresh("f"), self.wrapped(type_.name))
                self.declare(query, field, [type_.interface_object_in])
        if self.chance(40):
            self.mutations()

    def mutations(self) -> None:
        mutation = self.add(Type("Mutation", subgraphs=[]))
        for _ in range(self.random.randint(2, 4)):
            named = self.random.choice(["String", *(t.name for t in self.of_kind("entity"))])
            field = Field(self.fresh("m"), named, {"n": "Int = 1"})
            self.declare(
                mutation,
                field,
                [self.random.choice([s for s in self.model.subgraphs if s != INTERFACE_OBJECTS])],
            )
