"""A subgraph through its states.

SubgraphDefinition   what the caller gives: name, URL, SDL
  └ Subgraph         parsed, folded and linked: the schema with the definitions it links, and the names of
                     federation's directives in it. `version` is None while it is a federation 1 schema
      └ ValidSubgraph   checked (and upgraded, if it was federation 1): what may be merged
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NewType

from schema.language.source import Source
from schema.link.features import Features
from schema.model.applications import Application, index_applications
from schema.model.definitions import Schema
from schema.specs.specification import Version
from schema.subgraph.facts import Facts, collect_facts
from schema.subgraph.names import FederationNames


@dataclass(frozen=True, slots=True)
class SubgraphDefinition:
    """One subgraph to compose: its name, where it is served, and its schema as SDL."""

    name: str
    url: str
    sdl: str


class Subgraph:
    """A linked subgraph. What it computes from its schema is computed once: the schema must not change
    after.
    """

    def __init__(
        self, name: str, url: str, source: Source, schema: Schema, features: Features, version: Version | None
    ) -> None:
        self.name = name
        self.url = url
        self.source = source
        self.schema = schema
        self.features = features
        self.version = version
        self.names = FederationNames.of(features, version)

    @cached_property
    def applications(self) -> dict[str, list[Application]]:
        """Every application of every directive, by name."""
        return index_applications(self.schema)

    @cached_property
    def facts(self) -> Facts:
        """What federation's directives make of the schema's fields."""
        return collect_facts(self.schema, self.names, self.applications, self.version is not None)

    def applied(self, directive: str) -> list[Application]:
        """The applications of one directive, given by its name in this schema."""
        return self.applications.get(directive, [])


ValidSubgraph = NewType("ValidSubgraph", Subgraph)
"""A federation 2 subgraph that passed every rule for one subgraph: only `upgrade_all` makes them."""
