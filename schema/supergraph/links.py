"""What a supergraph links: each @link (or, before it, @core) names a feature whose elements are machinery.

A feature owns the directive with its own name, every element called `<name>__…`, and whatever it imports. A
schema whose @link or @core is not the real one (no application pointing at the link or core specification)
links nothing: its @inaccessible, if any, is an ordinary directive.

A specification linked `for: EXECUTION` or `for: SECURITY` changes what a right answer is: one that is not
known here makes the whole supergraph unusable. Others may be ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schema.language.values import Value
from schema.model.definitions import Directive, Schema

APOLLO_SPECS = "https://specs.apollo.dev/"
_URL = re.compile(r"(?P<identity>.*/(?P<name>[^/]+))/v(?P<version>\d+\.\d+)")
_BOOTSTRAP = re.compile(r"https://specs\.apollo\.dev/(?P<name>link|core)/v\d+\.\d+")

MUST_UNDERSTAND: Final = frozenset({"EXECUTION", "SECURITY"})

KNOWN: Final[dict[str, frozenset[str]]] = {
    "link": frozenset({"1.0"}),
    "core": frozenset({"0.1", "0.2"}),
    "join": frozenset({"0.1", "0.2", "0.3", "0.4", "0.5"}),
    "tag": frozenset({"0.1", "0.2", "0.3"}),
    "inaccessible": frozenset({"0.1", "0.2"}),
    "authenticated": frozenset({"0.1"}),
    "requiresScopes": frozenset({"0.1"}),
    "policy": frozenset({"0.1"}),
    "context": frozenset({"0.1"}),
    "cost": frozenset({"0.1"}),
    "listSize": frozenset({"0.1"}),
    "cacheTag": frozenset({"0.1"}),
}
"""Apollo's specifications that planning, execution or the API schema take into account, or may ignore: costs,
list sizes, tags and cache tags change no answer. What protects is the router's to enforce or refuse."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One linked specification; `imports` maps the specification's names (with @) to the schema's. `purpose`
    is what it is linked for, if anything."""

    url: str
    identity: str
    spec_name: str
    version: str | None
    name: str
    imports: Mapping[str, str]
    purpose: str | None = None

    @property
    def is_known(self) -> bool:
        """Is it one of Apollo's, in a version that is understood here or may be ignored?"""
        ours = self.identity == f"{APOLLO_SPECS}{self.spec_name}"
        return ours and self.version in KNOWN.get(self.spec_name, ())

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

    def not_understood(self) -> Feature | None:
        """A feature that must be understood to answer rightly and is not."""
        demanding = (feature for feature in self.linked if feature.purpose in MUST_UNDERSTAND)
        return next((feature for feature in demanding if not feature.is_known), None)

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
        purpose=_text(directive.arguments.get("for")) or None,
    )


def _imports(value: Value) -> Iterator[tuple[str, str]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            name = _text(item.get("name"))
            if name:
                yield name, _text(item.get("as")) or name
        elif name := _text(item):
            yield name, name
