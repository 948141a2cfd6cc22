"""Plait: compose GraphQL subgraphs into one graph, and route operations over it.

    from plait import Router, compose, SubgraphDefinition, CompositionError, Supergraph, api_schema

This is the public face, the same in a checkout and from the wheel; everything else may move. What is not
asked for is not imported: `import plait` alone is cheap, and `compose` needs no HTTP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from router import PolicyRequest as PolicyRequest
    from router import Router as Router
    from router.config import RouterConfig as RouterConfig
    from router.errors import ConfigError as ConfigError
    from router.errors import RouterError as RouterError
    from router.errors import SupergraphError as SupergraphError
    from schema import Composition as Composition
    from schema import CompositionError as CompositionError
    from schema import Contract as Contract
    from schema import Hint as Hint
    from schema import SubgraphDefinition as SubgraphDefinition
    from schema import Supergraph as Supergraph
    from schema import api_schema as api_schema
    from schema import compose as compose

__all__ = [
    "Composition",
    "CompositionError",
    "ConfigError",
    "Contract",
    "Hint",
    "PolicyRequest",
    "Router",
    "RouterConfig",
    "RouterError",
    "SubgraphDefinition",
    "Supergraph",
    "SupergraphError",
    "api_schema",
    "compose",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from schema import (
        Composition,
        CompositionError,
        Contract,
        Hint,
        SubgraphDefinition,
        Supergraph,
        api_schema,
        compose,
    )

    found: dict[str, Any] = {
        "Composition": Composition,
        "CompositionError": CompositionError,
        "Contract": Contract,
        "Hint": Hint,
        "SubgraphDefinition": SubgraphDefinition,
        "Supergraph": Supergraph,
        "api_schema": api_schema,
        "compose": compose,
    }
    if name not in found:
        found = _of_the_router()
    globals().update(found)
    return found[name]


def _of_the_router() -> dict[str, Any]:
    from router.app import Router
    from router.authorization.policies import PolicyRequest
    from router.config import RouterConfig
    from router.errors import ConfigError, RouterError, SupergraphError

    return {
        "Router": Router,
        "PolicyRequest": PolicyRequest,
        "RouterConfig": RouterConfig,
        "ConfigError": ConfigError,
        "RouterError": RouterError,
        "SupergraphError": SupergraphError,
    }
