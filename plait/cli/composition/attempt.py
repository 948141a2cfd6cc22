"""One attempt: the configuration is read, every schema it names is had, they are composed.

An attempt never raises for what users can do wrong: it holds the composition, or everything that kept it
from being made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plait.cli.supergraph_config import (
    ConfigProblem,
    InvalidSupergraphConfig,
    SdlFile,
    SdlText,
    SdlUrl,
    SubgraphSource,
    read_supergraph_config,
)
from router.subgraph_sdl import IntrospectionFailed, fetch_sdl
from schema import (
    Composition,
    CompositionError,
    CompositionFailure,
    Contract,
    ErrorCode,
    Hint,
    SubgraphDefinition,
    compose,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """`problems` are those of the configuration, `errors` those of the subgraphs. `sdl` is by subgraph."""

    config: Path
    composition: Composition | None = None
    problems: Sequence[ConfigProblem] = ()
    errors: Sequence[CompositionFailure] = ()
    hints: Sequence[Hint] = ()
    sources: Sequence[SubgraphSource] = ()
    sdl: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, Path]:
        """Subgraph → the file its schema is in; the others have theirs from elsewhere."""
        return {s.name: s.schema.path for s in self.sources if isinstance(s.schema, SdlFile)}


def attempt(config: Path, environment: Mapping[str, str], contract: Contract | None) -> Attempt:
    try:
        configured = read_supergraph_config(config, environment)
    except InvalidSupergraphConfig as error:
        return Attempt(config, problems=error.problems)
    sources = configured.subgraphs
    definitions, failures = _definitions(sources)
    sdl = {definition.name: definition.sdl for definition in definitions}
    if failures:
        return Attempt(config, errors=failures, sources=sources, sdl=sdl)
    try:
        made = compose(definitions, contract=contract, federation_version=configured.federation_version)
    except CompositionError as error:
        return Attempt(config, None, (), error.errors, error.hints, sources, sdl)
    return Attempt(config, made, hints=made.hints, sources=sources, sdl=sdl)


def named_files(config: Path, environment: Mapping[str, str]) -> list[Path]:
    """The schema files of a configuration; none when it cannot be used."""
    try:
        sources = read_supergraph_config(config, environment).subgraphs
    except InvalidSupergraphConfig:
        return []
    return [source.schema.path for source in sources if isinstance(source.schema, SdlFile)]


def _definitions(
    sources: list[SubgraphSource],
) -> tuple[list[SubgraphDefinition], list[CompositionFailure]]:
    """The subgraphs with their SDL, and what kept others from being read."""
    definitions: list[SubgraphDefinition] = []
    failures: list[CompositionFailure] = []
    for source in sources:
        try:
            sdl = _sdl(source.schema)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            path = source.schema.path if isinstance(source.schema, SdlFile) else ""
            message = f'The schema of subgraph "{source.name}", {path}, cannot be read: {reason}.'
            failures.append(CompositionFailure(ErrorCode.DOWNSTREAM_SERVICE_ERROR, message))
        except IntrospectionFailed as error:
            message = f'The schema of subgraph "{source.name}" cannot be fetched: {error}.'
            failures.append(CompositionFailure(ErrorCode.DOWNSTREAM_SERVICE_ERROR, message))
        else:
            definitions.append(SubgraphDefinition(source.name, source.routing_url, sdl))
    return definitions, failures


def _sdl(schema: SdlText | SdlFile | SdlUrl) -> str:
    match schema:
        case SdlText(text):
            return text
        case SdlFile(path):
            return path.read_text(encoding="utf-8")
        case SdlUrl(url, headers):
            return fetch_sdl(url, headers)
