"""A protected graph of two subgraphs in this process: what callers get, what subgraphs were asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from router import Router
from router.config import AuthorizationConfig, RouterConfig
from schema import SubgraphDefinition, compose
from tests.support.federation import Subgraph

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@external", "@requires", "@shareable", "@interfaceObject",
  "@authenticated", "@requiresScopes", "@policy"
])
"""


class ClaimsInHeader:
    """An authenticator for tests: the claims as JSON in a header."""

    async def authenticate(self, headers: Mapping[str, str]) -> Mapping[str, Any] | None:
        text = headers.get("x-claims")
        return json.loads(text) if text else None


def composed(subgraphs: Mapping[str, str]) -> str:
    """The supergraph SDL of federation 2.9 subgraphs with the directives imported."""
    definitions = [SubgraphDefinition(name=n, url=f"http://{n}", sdl=LINK + s) for n, s in subgraphs.items()]
    return compose(definitions).supergraph_sdl


def protected(
    sdls: Mapping[str, str],
    answers: Mapping[str, Mapping[str, Any]],
    config: AuthorizationConfig | None = None,
    **more: Any,
) -> tuple[Router, dict[str, Subgraph]]:
    """`answers`: what each subgraph answers, whatever it is asked."""
    subgraphs = {name: Subgraph(answers.get(name, {})) for name in sdls}
    whole = RouterConfig(authorization=config or AuthorizationConfig())
    router = Router(
        composed(sdls), subgraphs, config=more.pop("whole", whole), authenticator=ClaimsInHeader(), **more
    )
    return router, subgraphs


def caller(**claims: Any) -> dict[str, str]:
    """The headers of a client with these claims."""
    return {"x-claims": json.dumps({"sub": "ada", **claims})}


def sent(subgraphs: Mapping[str, Subgraph]) -> str:
    """Everything that was sent to subgraphs, as one text."""
    return "\n".join(query for subgraph in subgraphs.values() for query, _, _ in subgraph.requests)


def denied(response: Mapping[str, Any]) -> list[list[str]]:
    """The paths of what was not granted."""
    return [
        error["path"]
        for error in response.get("errors", ())
        if error["extensions"]["code"] == "UNAUTHORIZED_FIELD_OR_TYPE"
    ]
