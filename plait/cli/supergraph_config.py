"""supergraph.yaml, Rover's format: which subgraphs to compose, and where their schemas are.

    federation_version: =2.12.0                      optional: the newest that subgraphs may link
    subgraphs:
      users:
        routing_url: http://users:4001/graphql
        schema:
          file: users.graphql                        or sdl: TEXT, or
          subgraph_url: http://users:4001/graphql    with introspection_headers: {NAME: VALUE}

`${env.NAME}` and `${env.NAME:-default}` are expanded in every value. Everything wrong is reported at once,
with key and line; an unknown key comes with the nearest known one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from schema.report.suggestions import did_you_mean_or_known
from schema.specs.federation import LATEST_MINOR
from schema.specs.specification import Version

_VARIABLE = re.compile(r"\$\{env\.([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_VERSION = re.compile(r"=?v?([0-9]+)(?:\.([0-9]+)(?:\.[0-9]+)?)?")
_SOURCES = ("file", "sdl", "subgraph_url")


@dataclass(frozen=True, slots=True)
class SdlText:
    """The schema is in the configuration itself."""

    text: str


@dataclass(frozen=True, slots=True)
class SdlFile:
    """The schema is in a file, relative to the configuration."""

    path: Path


@dataclass(frozen=True, slots=True)
class SdlUrl:
    """The running subgraph tells its schema."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """One subgraph of the configuration."""

    name: str
    routing_url: str
    schema: SdlText | SdlFile | SdlUrl


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """What is wrong with the configuration, where (a line counts from 1, 0 when there is none)."""

    message: str
    line: int = 0


class InvalidSupergraphConfig(Exception):
    """The configuration cannot be used; `problems` is never empty."""

    def __init__(self, problems: list[ConfigProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.message for problem in problems))


@dataclass(frozen=True, slots=True)
class SupergraphConfig:
    """A configuration file. `federation_version` is None when none is pinned."""

    subgraphs: list[SubgraphSource]
    federation_version: Version | None


def read_supergraph_config(path: Path, environment: Mapping[str, str]) -> SupergraphConfig:
    """Raises InvalidSupergraphConfig."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidSupergraphConfig([ConfigProblem(f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise InvalidSupergraphConfig([ConfigProblem("cannot be read: it is not UTF-8 text")]) from error
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise InvalidSupergraphConfig(
            [ConfigProblem(f"not YAML: {problem}", mark.line + 1 if mark else 0)]
        ) from error
    except RecursionError as error:
        raise InvalidSupergraphConfig(
            [ConfigProblem("not YAML that can be read: it nests too deeply")]
        ) from error
    reader = _Reader(path.parent, environment)
    sources = reader.read(root)
    if reader.problems:
        raise InvalidSupergraphConfig(reader.problems)
    return SupergraphConfig(sources, reader.pinned)


@dataclass(slots=True)
class _Reader:
    folder: Path
    environment: Mapping[str, str]
    problems: list[ConfigProblem] = field(default_factory=list)
    pinned: Version | None = None

    def read(self, root: yaml.Node | None) -> list[SubgraphSource]:
        if root is None:
            self.problems.append(ConfigProblem("the file is empty: expected subgraphs"))
            return []
        keys = self._mapping(root, "", ("federation_version", "subgraphs"))
        if (version := self._text(keys, "federation_version", "")) is not None:
            self._check_version(version, keys["federation_version"])
        if "subgraphs" not in keys:
            if isinstance(root, yaml.MappingNode):
                self._add(root, "subgraphs is missing")
            return []
        subgraphs = self._mapping(keys["subgraphs"], "subgraphs", None)
        if not subgraphs and isinstance(keys["subgraphs"], yaml.MappingNode):
            self._add(keys["subgraphs"], "subgraphs is empty")
        read = (self._subgraph(name, node) for name, node in subgraphs.items())
        return [source for source in read if source is not None]

    def _add(self, node: yaml.Node, message: str) -> None:
        self.problems.append(ConfigProblem(message, node.start_mark.line + 1))

    def _check_version(self, version: str, node: yaml.Node) -> None:
        match = _VERSION.fullmatch(version)
        if match is None or match[1] != "2" or int(match[2] or 0) > LATEST_MINOR:
            self._add(
                node, f"federation_version: {version} is not known; 2 to 2.{LATEST_MINOR} are, like =2.12.0"
            )
        elif match[2] is not None:
            self.pinned = Version(2, int(match[2]))

    def _subgraph(self, name: str, node: yaml.Node) -> SubgraphSource | None:
        place = f"subgraphs.{name}"
        keys = self._mapping(node, place, ("routing_url", "schema"))
        routing_url = self._text(keys, "routing_url", place)
        if "schema" not in keys:
            if isinstance(node, yaml.MappingNode):
                self._add(node, f"{place}: schema is missing")
            return None
        schema = self._schema(keys["schema"], f"{place}.schema")
        if routing_url is None and "routing_url" not in keys:
            if isinstance(schema, SdlUrl):
                routing_url = schema.url
            elif schema is not None:
                self._add(node, f"{place}: routing_url is missing, where a router sends operations")
        if routing_url is None or schema is None:
            return None
        return SubgraphSource(name, routing_url, schema)

    def _schema(self, node: yaml.Node, place: str) -> SdlText | SdlFile | SdlUrl | None:
        keys = self._mapping(node, place, (*_SOURCES, "introspection_headers"))
        given = [key for key in _SOURCES if key in keys]
        if len(given) != 1:
            if isinstance(node, yaml.MappingNode):
                self._add(node, f"{place}: expected one of file, sdl and subgraph_url")
            return None
        if "introspection_headers" in keys and given != ["subgraph_url"]:
            self._add(keys["introspection_headers"], f"{place}: introspection_headers go with subgraph_url")
        value = self._text(keys, given[0], place)
        headers = self._headers(keys, place)
        if value is None:
            return None
        match given[0]:
            case "file":
                return SdlFile(self.folder / value)
            case "sdl":
                return SdlText(value)
        return SdlUrl(value, headers)

    def _headers(self, keys: dict[str, yaml.Node], place: str) -> dict[str, str]:
        if "introspection_headers" not in keys:
            return {}
        place = f"{place}.introspection_headers"
        nodes = self._mapping(keys["introspection_headers"], place, None)
        headers = {name: self._text(nodes, name, place) for name in nodes}
        return {name: value for name, value in headers.items() if value is not None}

    def _mapping(self, node: yaml.Node, place: str, known: tuple[str, ...] | None) -> dict[str, yaml.Node]:
        """The keys of a mapping; unknown ones are reported, unless any are welcome."""
        if not isinstance(node, yaml.MappingNode):
            self._add(node, f"{place or 'the file'}: expected keys and values")
            return {}
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            shown = f"{place}.{key}" if place else key
            if known is not None and key not in known:
                self._add(key_node, f"{shown}: unknown key.{did_you_mean_or_known(key, known)}")
            elif key in found:
                self._add(key_node, f"{shown}: given twice")
            else:
                found[key] = value
        return found

    def _text(self, keys: dict[str, yaml.Node], key: str, place: str) -> str | None:
        """The text of a key, variables expanded; None, and reported, when what stands there is no text."""
        node = keys.get(key)
        if node is None:
            return None
        shown = f"{place}.{key}" if place else key
        if not isinstance(node, yaml.ScalarNode) or node.tag == "tag:yaml.org,2002:null":
            self._add(node, f"{shown}: expected text")
            return None
        missing: list[str] = []

        def expand(match: re.Match[str]) -> str:
            value: str | None = self.environment.get(match[1], match[2])
            if value is None:
                missing.append(match[1])
            return value or ""

        text = _VARIABLE.sub(expand, str(node.value))
        for name in missing:
            self._add(node, f"{shown}: the environment variable {name} is not set and has no default")
        return None if missing else text
