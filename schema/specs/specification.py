"""What a linked specification is: a versioned URL, the directives and types it defines, how they compose."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from schema.language.values import Value

APOLLO = "https://specs.apollo.dev/"
_VERSION = re.compile(r"v([0-9]{1,9})\.([0-9]{1,9})", re.ASCII)


class Version(NamedTuple):
    """A specification's version; compares by major, then minor."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}"


class FeatureUrl(NamedTuple):
    """`https://specs.apollo.dev/federation/v2.3`, taken apart."""

    identity: str
    name: str
    version: Version

    def __str__(self) -> str:
        return f"{self.identity}/{self.version}"


class InvalidFeatureUrl(ValueError):
    """The text is not the URL of a specification's version; the message says why."""


def parse_feature_url(text: str) -> FeatureUrl:
    """Takes `https://host/…/name/v1.2` apart; raises InvalidFeatureUrl."""
    try:
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError as problem:
        raise InvalidFeatureUrl(f'"{text}" is not a URL: {problem}') from problem
    if not parts.scheme or not host:
        raise InvalidFeatureUrl(f'"{text}" is not a URL')
    segments = parts.path.split("/")
    if len(segments) < 2 or not any(segments):
        raise InvalidFeatureUrl(
            f'"{text}" has no path: expected a specification and a version, like "/name/v1.0"'
        )
    version = _VERSION.fullmatch(segments[-1])
    if version is None:
        raise InvalidFeatureUrl(f'"{text}" does not end with a version, like "v1.0"')
    if not segments[-2]:
        raise InvalidFeatureUrl(f'"{text}" does not name a specification before its version')
    identity = f"{parts.scheme.lower()}://{host}{'/'.join(segments[:-1])}"
    return FeatureUrl(identity, segments[-2], Version(int(version[1]), int(version[2])))


Merge = Callable[[list[Value]], Value]


class _Required:
    """The default of an argument that has none."""


NO_DEFAULT = _Required()


@dataclass(frozen=True, slots=True)
class ArgumentSpec:
    """An argument. `{Name}` in its type stands for the specification's own type. `merge` joins differing
    values.
    """

    name: str
    type: str
    default: Value | _Required = NO_DEFAULT
    merge: Merge | None = None
    merge_name: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """How a directive reaches the supergraph.

    `supergraph_url` is the specification the supergraph links for it. `as_join_directive` carries it inside
    @join__directive. `rewrite` changes arguments on the way, given the subgraph's name.
    """

    supergraph_url: FeatureUrl
    as_join_directive: bool = False
    rewrite: Callable[[str, dict[str, Value]], dict[str, Value]] | None = None


@dataclass(frozen=True, slots=True)
class DirectiveSpec:
    """A directive of a specification; without `composition` it ends in the subgraph."""

    name: str
    locations: tuple[str, ...]
    arguments: tuple[ArgumentSpec, ...] = ()
    repeatable: bool = False
    composition: Composition | None = None

    @property
    def merges_arguments(self) -> bool:
        """Do differing applications of it merge into one?"""
        return any(argument.merge for argument in self.arguments)


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """A type of a specification: an enum when it has values (name, description), a scalar otherwise."""

    name: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Specification:
    """One version of a specification."""

    url: FeatureUrl
    directives: tuple[DirectiveSpec, ...] = ()
    types: tuple[TypeSpec, ...] = ()
    purpose: str | None = None
    minimum_federation: Version | None = None
    adds_elements: bool = True

    def directive(self, name: str) -> DirectiveSpec | None:
        """The directive of that name in the specification."""
        return next((directive for directive in self.directives if directive.name == name), None)

    def element_names(self) -> list[str]:
        """Everything it defines, directives with their "@"."""
        return [f"@{directive.name}" for directive in self.directives] + [type_.name for type_ in self.types]


def apollo_url(name: str, major: int, minor: int) -> FeatureUrl:
    """The URL of one of Apollo's specifications."""
    return FeatureUrl(APOLLO + name, name, Version(major, minor))
