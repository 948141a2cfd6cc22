"""Linked specifications and the names they have in a schema.

A specification linked as `fed` with `import: ["@key", {name: "@tag", as: "@label"}]` defines `@key`,
`@label`, and everything else as `@fed__…`; a directive with the specification's own name is `@fed` itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schema.model.definitions import Directive
from schema.specs.specification import FeatureUrl


@dataclass(frozen=True, slots=True)
class Import:
    """One imported element; names carry their "@"."""

    name: str
    alias: str

    @property
    def is_directive(self) -> bool:
        """Directives are imported with their "@"."""
        return self.name.startswith("@")


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """A specification as one schema links it; `alias` is what names are prefixed with."""

    url: FeatureUrl
    alias: str
    imports: tuple[Import, ...]
    directive: Directive

    def directive_name(self, name: str) -> str:
        """What the specification's directive is called in this schema, without "@"."""
        for imported in self.imports:
            if imported.name == f"@{name}":
                return imported.alias[1:]
        return self.alias if name == self.url.name else f"{self.alias}__{name}"

    def type_name(self, name: str) -> str:
        """What the specification's type is called in this schema."""
        for imported in self.imports:
            if imported.name == name:
                return imported.alias
        return f"{self.alias}__{name}"

    def imported_as(self, name: str) -> str | None:
        """The name an element (a directive with "@") was imported under."""
        return next((imported.alias for imported in self.imports if imported.name == name), None)


@dataclass(frozen=True, slots=True)
class Origin:
    """The specification an element of a schema comes from.

    `name` is its name there; None when the element uses a prefixed name although it was imported under
    another.
    """

    feature: Feature
    name: str | None


@dataclass(slots=True)
class Features:
    """All that one schema links, in order."""

    by_identity: dict[str, Feature] = field(default_factory=dict)
    by_alias: dict[str, Feature] = field(default_factory=dict)
    by_import: dict[str, tuple[Feature, str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.by_identity.values())

    def add(self, feature: Feature) -> None:
        """Adds a feature already checked for conflicts."""
        self.by_identity[feature.url.identity] = feature
        self.by_alias[feature.alias] = feature
        for imported in feature.imports:
            self.by_import.setdefault(imported.alias, (feature, imported.name))

    def directive_origin(self, name: str) -> Origin | None:
        """Where a directive, given without "@", comes from."""
        entry = self.by_import.get(f"@{name}")
        if entry is not None:
            return Origin(entry[0], entry[1][1:])
        prefixed = self.prefixed(name, directive=True)
        if prefixed is None:
            return None
        feature, original = prefixed
        return Origin(feature, original if feature.imported_as(f"@{original}") is None else None)

    def type_origin(self, name: str) -> Origin | None:
        """Where a type comes from."""
        entry = self.by_import.get(name)
        if entry is not None:
            return Origin(*entry)
        prefixed = self.prefixed(name, directive=False)
        if prefixed is None:
            return None
        feature, original = prefixed
        return Origin(feature, original if feature.imported_as(original) is None else None)

    def prefixed(self, name: str, *, directive: bool) -> tuple[Feature, str] | None:
        """The feature whose prefix a name carries, and the rest of the name."""
        alias, separator, rest = name.partition("__")
        if separator and alias in self.by_alias:
            return self.by_alias[alias], rest
        if directive and name in self.by_alias:
            feature = self.by_alias[name]
            return feature, feature.url.name
        return None
