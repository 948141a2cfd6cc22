"""The stages that bend ownership: @requires, @provides and @override."""

from __future__ import annotations

from tests.support.differential.generator import KEY_FIELDS, Generator
from tests.support.differential.model import Declaration, Field, Type


def requires(g: Generator) -> None:
    for _ in range(g.random.randint(0, 3)):
        type_ = g.random.choice(g.of_kind("entity"))
        homes = g.entered(type_)
        if homes:
            _require(g, type_, g.random.choice(homes))


def _require(g: Generator, type_: Type, subgraph: str) -> None:
    needed = [f for f in type_.fields.values() if subgraph not in f.declared]
    texts = []
    for field in g.random.sample(needed, min(len(needed), g.random.randint(1, 2))):
        text = _required_text(g, field, subgraph, depth=2)
        if text is not None:
            field.declared[subgraph] = Declaration(external=True)
            texts.append(text)
    if texts:
        computed = Field(g.fresh("r"), "String")
        computed.declared[subgraph] = Declaration(requires=" ".join(texts))
        type_.fields[computed.name] = computed


def _required_text(g: Generator, field: Field, subgraph: str, depth: int) -> str | None:
    text = field.name
    if "n" in field.arguments and g.chance(60):
        text += f"(n: {g.random.randint(2, 4)})"
    if g.is_leaf(field):
        return text
    named = g.model.types[field.named_type]
    if named.kind == "interface":
        return None
    g.ensure(named.name, subgraph)
    if named.kind == "union":
        return _by_member(g, text, named, subgraph, depth)
    below = _below(g, named, subgraph, depth)
    return f"{text} {{ {below} }}" if below else None


def _by_member(g: Generator, text: str, union: Type, subgraph: str, depth: int) -> str | None:
    """Each member's own requirement; the subgraph may know other members than the field's owner."""
    parts = []
    for name in union.members[subgraph]:
        below = _below(g, g.model.types[name], subgraph, depth)
        if below is None:
            return None
        parts.append(f"... on {name} {{ {below} }}")
    return f"{text} {{ {' '.join(parts)} }}"


def _below(g: Generator, type_: Type, subgraph: str, depth: int) -> str | None:
    fields = [
        f
        for f in type_.fields.values()
        if f.declared
        and not any(d.requires for d in f.declared.values())
        and (g.is_leaf(f) or (depth > 1 and g.model.types[f.named_type].kind == "object"))
    ]
    if not fields:
        return None
    field = g.random.choice(fields)
    text = _required_text(g, field, subgraph, depth - 1)
    if text is not None:
        field.declared.setdefault(subgraph, Declaration(external=True))
    return text


def provides(g: Generator) -> None:
    for _ in range(g.random.randint(0, 2)):
        type_ = g.random.choice(g.of_kind("entity"))
        candidates = [
            (field, subgraph)
            for field in type_.fields.values()
            for subgraph, d in field.declared.items()
            if d.resolves and not d.requires and not d.provides and not g.is_leaf(field)
        ]
        if candidates:
            _provide(g, *g.random.choice(candidates))


def _provide(g: Generator, field: Field, subgraph: str) -> None:
    named = g.model.types[field.named_type]
    if named.is_entity:
        field.declared[subgraph].provides = _provided(g, named, subgraph)
    elif named.kind == "union":
        parts = {m: _provided(g, g.model.types[m], subgraph) for m in named.members.get(subgraph, [])}
        text = " ".join(f"... on {m} {{ {part} }}" for m, part in parts.items() if part)
        field.declared[subgraph].provides = text or None


def _provided(g: Generator, type_: Type, subgraph: str) -> str | None:
    """A field the subgraph does not own: external, and shared by its owner."""
    given = [
        f
        for f in type_.fields.values()
        if g.is_leaf(f)
        and not f.arguments
        and not any(d.requires or d.override or d.overridden for d in f.declared.values())
        and (subgraph not in f.declared or f.declared[subgraph].external)
    ]
    if not given or not type_.is_entity:
        return None
    provided = g.random.choice(given)
    provided.declared.setdefault(subgraph, Declaration(external=True))
    for declaration in provided.declared.values():
        declaration.shareable = not declaration.external
    return provided.name


def overrides(g: Generator) -> None:
    for type_ in g.of_kind("entity"):
        for field in list(type_.fields.values()):
            if g.chance(8):
                _override(g, type_, field)


def _override(g: Generator, type_: Type, field: Field) -> None:
    takers = [s for s in g.entered(type_) if s not in field.declared]
    inherited = any(field.name in i.fields for i in g.of_kind("interface") if type_.name in i.all_members())
    if not takers or len(field.declared) != 1 or field.name in KEY_FIELDS or inherited:
        return
    ((owner, declaration),) = field.declared.items()
    if declaration.requires or declaration.provides or declaration.external:
        return
    taker = g.random.choice(takers)
    g.ensure_type_of(field, taker)
    label = g.random.choice([None, "on", "off"])
    declaration.overridden, declaration.label = True, label
    field.declared[taker] = Declaration(override=owner, label=label)
