"""What a supergraph links: each @link (or, before it, @core) names a feature whose elements are machinery.

A feature owns the directive with its own name, every element called `<name>__…`, and whatever it imports. A
schema whose @link or @core is not the real one (no application pointing at the link or core specification)
links nothing: its @inaccessible, if any, is an ordinary directive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schema.definitions import Directive, Schema
from schema.language.values import Value

APOLLO_SPECS = "https://specs.apollo.dev/"
_URL = re.compile(r"(?P<identity>.*/(?P<name>[^/]+))/v(?P<version>\d+\.\d+)")
_BOOTSTRAP = re.compile(r"https://specs\.apollo\.dev/(?P<name>link|core)/v\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Feature:
    """One linked specification; `imports` maps the specification's names (with @) to the schema's."""

    url: str
    identity: str
    spec_name: str
    version: str | None
    name: str
    imports: Mapping[str, str]

    def directive_name(self, spec_directive: str) -> str:
        """What the schema calls a directive of this specification, without the @."""
        imported = self.imports.get(f"@{spec_directive}")
        if imported is not None:
            return imported[1:]
        return self.name if spec_directive == self.spec_name else f"{self.name}__{spec_directive}"


@dataclass(frozen=True, slots=True)
class Features:
    """Every feature of a supergraph, with the question of who owns a name answered in O(1)."""

    linked: tuple[Feature, ...]
    _prefixes: frozenset[str]
    _directives: frozenset[str]
    _types: frozenset[str]

    def owns_type(self, name: str) -> bool:
        return name in self._types or self._prefixed(name)

    def owns_directive(self, name: str) -> bool:
        return name in self._directives or self._prefixed(name)

    def find(self, spec_name: str) -> Feature | None:
        """The linked Apollo specification of this name, if any."""
        identity = f"{APOLLO_SPECS}{spec_name}"
        return next((feature for feature in self.linked if feature.identity == identity), None)

    def _prefixed(self, name: str) -> bool:
        prefix, separator, _ = name.partition("__")
        return bool(separator) and prefix in self._prefixes


def read_features(schema: Schema) -> Features:
    """The features a schema links; none when it is not a link or core schema."""
    applied = schema.definition.directives
    bootstrap = next((directive.name for directive in applied if _is_bootstrap(directive)), None)
    linked = tuple(_feature(directive) for directive in applied if directive.name == bootstrap)
    imported = [name for feature in linked for name in feature.imports.values()]
    return Features(
        linked,
        frozenset(feature.name for feature in linked),
        frozenset([f.name for f in linked] + [name[1:] for name in imported if name.startswith("@")]),
        frozenset(name for name in imported if not name.startswith("@")),
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _url(directive: Directive) -> str:
    return _text(directive.arguments.get("url")) or _text(directive.arguments.get("feature"))


def _is_bootstrap(directive: Directive) -> bool:
    """Whether this application links @link (or @core) itself, under the name it is used by."""
    match = _BOOTSTRAP.fullmatch(_url(directive))
    return match is not None and directive.name == (_text(directive.arguments.get("as")) or match["name"])


def _feature(directive: Directive) -> Feature:
    url = _url(directive).rstrip("/")
    match = _URL.fullmatch(url)
    spec_name = match["name"] if match else url.rpartition("/")[2]
    return Feature(
        url=url,
        identity=match["identity"] if match else url,
        spec_name=spec_name,
        version=match["version"] if match else None,
        name=_text(directive.arguments.get("as")) or spec_name,
        imports=dict(_imports(directive.arguments.get("import"))),
    )


def _imports(value: Value) -> Iterator[tuple[str, str]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            name = _text(item.get("name"))
            if name:
                yield name, _text(item.get("as")) or name
        elif name := _text(item):
            yield name, name
