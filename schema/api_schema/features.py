"""What a supergraph links: each @link (or, before it, @core) names a feature whose elements are machinery,
not API.

A feature owns the directive with its own name, every element called `<name>__…`, and whatever it imports. A
schema whose @link or @core is not the real one (no application pointing at the link or core specification)
links nothing: its @inaccessible, if any, is an ordinary directive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    ListValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    ValueNode,
)

APOLLO_SPECS = "https://specs.apollo.dev/"
_URL = re.compile(r"^(?P<identity>.*/(?P<name>[^/]+))/v(?P<version>\d+\.\d+)$")
_BOOTSTRAP = re.compile(r"^https://specs\.apollo\.dev/(?P<name>link|core)/v\d+\.\d+$")


@dataclass(frozen=True, slots=True)
class Feature:
    """One linked specification; `imports` maps the specification's names (with @) to the schema's."""

    url: str
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
        return next((f for f in self.linked if f.url.rpartition("/v")[0] == identity), None)

    def _prefixed(self, name: str) -> bool:
        prefix, separator, _ = name.partition("__")
        return bool(separator) and prefix in self._prefixes


def read_features(document: DocumentNode) -> Features:
    """The features a document links; empty when it is not a link or core schema."""
    applied = [directive for node in schema_nodes(document) for directive in node.directives or ()]
    bootstrap = next((d.name.value for d in applied if _is_bootstrap(d)), None)
    linked = tuple(_feature(d) for d in applied if d.name.value == bootstrap)
    imported = [name for feature in linked for name in feature.imports.values()]
    return Features(
        linked,
        frozenset(feature.name for feature in linked),
        frozenset([f.name for f in linked] + [name[1:] for name in imported if name.startswith("@")]),
        frozenset(name for name in imported if not name.startswith("@")),
    )


def schema_nodes(document: DocumentNode) -> Iterator[SchemaDefinitionNode | SchemaExtensionNode]:
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            yield node


def is_machinery(node: TypeDefinitionNode | DirectiveDefinitionNode, features: Features) -> bool:
    """Whether a definition belongs to a feature, so that clients never see it."""
    name = node.name.value
    if isinstance(node, DirectiveDefinitionNode):
        return features.owns_directive(name)
    return features.owns_type(name)


def _arguments(directive: DirectiveNode) -> dict[str, ValueNode]:
    return {argument.name.value: argument.value for argument in directive.arguments or ()}


def _text(value: ValueNode | None) -> str | None:
    return value.value if isinstance(value, StringValueNode | EnumValueNode) else None


def _url(arguments: Mapping[str, ValueNode]) -> str:
    return _text(arguments.get("url")) or _text(arguments.get("feature")) or ""


def _is_bootstrap(directive: DirectiveNode) -> bool:
    """Whether this application links @link (or @core) itself, under the name it is used by."""
    arguments = _arguments(directive)
    match = _BOOTSTRAP.match(_url(arguments))
    return match is not None and directive.name.value == (_text(arguments.get("as")) or match["name"])


def _feature(directive: DirectiveNode) -> Feature:
    arguments = _arguments(directive)
    url = _url(arguments).rstrip("/")
    match = _URL.match(url)
    spec_name = match["name"] if match else url.rpartition("/")[2]
    return Feature(
        url=url,
        spec_name=spec_name,
        version=match["version"] if match else None,
        name=_text(arguments.get("as")) or spec_name,
        imports=dict(_imports(arguments.get("import"))),
    )


def _imports(value: ValueNode | None) -> Iterator[tuple[str, str]]:
    for item in value.values if isinstance(value, ListValueNode) else ():
        if isinstance(item, ObjectValueNode):
            fields = {field.name.value: _text(field.value) for field in item.fields}
            name = fields.get("name")
            if name:
                yield name, fields.get("as") or name
        elif name := _text(item):
            yield name, name
