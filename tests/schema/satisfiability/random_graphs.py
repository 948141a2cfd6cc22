"""Small random federated graphs that mostly merge: entities, value types, abstract types, @requires."""

from __future__ import annotations

from random import Random

ENTITIES = ("E0", "E1")
VALUES = ("V0",)
FIELDS = ("f0", "f1", "f2")


def random_graph(chance: Random) -> dict[str, str]:
    """The SDL of two to four subgraphs, without the federation link."""
    names = [f"s{i}" for i in range(chance.randint(2, 4))]
    types = {
        name: {field: chance.choice(["Int", "Int", *ENTITIES, *VALUES, "U", "I"]) for field in FIELDS}
        for name in (*ENTITIES, *VALUES)
    }
    return {name: _subgraph(chance, types, first=name == names[0]) for name in names}


def _subgraph(chance: Random, types: dict[str, dict[str, str]], *, first: bool) -> str:
    present = [name for name in types if first or chance.random() < 0.8] or ["E0"]
    composite = {*present, "U", "I"}
    parts = [_type(chance, name, types[name], composite) for name in present]
    parts.append(f"union U = {' | '.join(present)}")
    parts.append("interface I { k0: ID }")
    roots = [f"r{name}: {name} @shareable" for name in sorted(composite) if chance.random() < 0.5]
    parts.append(f"type Query {{ {' '.join(roots) or 'q: Int @shareable'} }}")
    if chance.random() < 0.3:
        parts.append(f"type Mutation {{ m: {chance.choice(sorted(composite))} @shareable }}")
    return "\n".join(parts)


def _type(chance: Random, name: str, fields: dict[str, str], composite: set[str]) -> str:
    kept = {f: t for f, t in fields.items() if chance.random() < 0.6 and (t == "Int" or t in composite)}
    keys = ""
    lines = []
    if name in ENTITIES:
        own = [key for key in ("k0", "k1") if key == "k0" or chance.random() < 0.6]
        keys = "".join(f' @key(fields: "{key}"{_resolvable(chance)})' for key in own if chance.random() < 0.7)
        lines += [f"{key}: ID @shareable" for key in own]
    else:
        lines.append("a: Int @shareable")
    for field, type_ in kept.items():
        lines.append(f"{field}: {type_} @shareable{_requires(chance, name, kept, fields, lines)}")
    implements = " implements I" if name in ENTITIES else ""
    return f"type {name}{implements}{keys} {{ {' '.join(lines)} }}"


def _resolvable(chance: Random) -> str:
    return ", resolvable: false" if chance.random() < 0.15 else ""


def _requires(
    chance: Random, name: str, kept: dict[str, str], fields: dict[str, str], lines: list[str]
) -> str:
    missing = [f for f, type_ in fields.items() if f not in kept and type_ == "Int"]
    if name not in ENTITIES or not missing or chance.random() > 0.2:
        return ""
    external = f"{missing[0]}: Int @external"
    if external not in lines:
        lines.append(external)
    return f' @requires(fields: "{missing[0]}")'
