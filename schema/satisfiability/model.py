"""What the walk reads of a supergraph: per subgraph the types it serves, and the API clients walk.

    Views ─ subgraphs: SubgraphView ─ types: name → TypeView ─ fields: name → FieldView
          └ api: ApiView ─ objects: name → fields clients see, abstract: name → runtime types clients see

Everything is resolved once: field sets are paths (see `selections`), overridden fields are external, a type's
runtime types are known. The walk only follows references.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from schema.satisfiability.selections import Path, Provided


class Kind(Enum):
    """The composite kinds; every other type is a leaf."""

    OBJECT = auto()
    INTERFACE = auto()
    UNION = auto()


@dataclass(frozen=True, slots=True)
class Key:
    """One @key of a type in a subgraph. `local` says that the subgraph itself resolves all of its fields."""

    text: str
    paths: tuple[Path, ...]
    resolvable: bool
    local: bool = False


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument filled from a context: which one, and what of the type that sets it."""

    context: str
    text: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A field in progress of moving: resolved here only while the label has this value."""

    name: str
    value: bool


@dataclass(slots=True, eq=False)
class FieldView:
    """A field as one subgraph has it. `type` is the named type it returns there."""

    name: str
    type: str
    external: bool = False
    overridden: bool = False
    requires_text: str = ""
    requires: tuple[Path, ...] = ()
    provides: Provided = ()
    label: Label | None = None
    contexts: tuple[ContextArgument, ...] = ()

    @property
    def conditional(self) -> bool:
        """Does resolving it take more than standing on its object?"""
        return bool(self.requires or self.label or self.contexts)


@dataclass(slots=True, eq=False)
class TypeView:
    """A composite type as one subgraph has it. An interface object is an object whose name is an
    interface's.
    """

    name: str
    kind: Kind
    interface_object: bool = False
    keys: tuple[Key, ...] = ()
    fields: dict[str, FieldView] = field(default_factory=dict)
    runtime_types: frozenset[str] = frozenset()

    @property
    def has_local_key(self) -> bool:
        return any(key.local for key in self.keys)


@dataclass(slots=True, eq=False)
class SubgraphView:
    """One subgraph, at its position in `join__Graph`; `roots` maps query, mutation and subscription to its
    root types, `implementations` an interface to the object types that implement it here."""

    name: str
    position: int
    implementations: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    types: dict[str, TypeView] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class ApiField:
    """A field clients see. `arguments` are its required ones as `name: value` of a sample value."""

    name: str
    type: str
    type_text: str
    arguments: tuple[str, ...]
    shareable: bool
    label: str | None


@dataclass(frozen=True, slots=True)
class ApiView:
    """The types clients can reach; a name in neither mapping is a leaf."""

    roots: Mapping[str, str]
    objects: Mapping[str, Mapping[str, ApiField]]
    runtime_types: Mapping[str, tuple[str, ...]]
    interfaces: frozenset[str]
    possible: Mapping[str, frozenset[str]] = field(init=False)
    """The runtime types again, as sets."""

    def __post_init__(self) -> None:
        possible = {name: frozenset(types) for name, types in self.runtime_types.items()}
        object.__setattr__(self, "possible", possible)

    def is_leaf(self, name: str) -> bool:
        return name not in self.objects and name not in self.runtime_types


@dataclass(frozen=True, slots=True)
class Views:
    """The whole input. `supertypes` lists the interfaces and unions an object type is of, in the supergraph;
    `contexts` the contexts a type sets."""

    subgraphs: tuple[SubgraphView, ...]
    api: ApiView
    supertypes: Mapping[str, frozenset[str]]
    contexts: Mapping[str, frozenset[str]]
