"""SDLs in, supergraph out: composition of GraphQL subgraphs. No network, no store."""

from schema.api_schema import api_schema
from schema.compose import Composition, compose
from schema.contract import Contract
from schema.report.errors import CompositionError, CompositionFailure, ErrorCode, Location
from schema.report.hints import Hint, HintCode, HintLevel
from schema.subgraph.states import SubgraphDefinition
from schema.supergraph import Supergraph

__all__ = [
    "Composition",
    "CompositionError",
    "CompositionFailure",
    "Contract",
    "ErrorCode",
    "Hint",
    "HintCode",
    "HintLevel",
    "Location",
    "SubgraphDefinition",
    "Supergraph",
    "api_schema",
    "compose",
]
