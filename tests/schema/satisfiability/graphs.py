"""Composing small graphs in tests: subgraphs by name, each linked to the newest federation."""

from __future__ import annotations

from schema import Composition, CompositionError, CompositionFailure, SubgraphDefinition, compose

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", '
    '"@external", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible", "@context", '
    '"@fromContext"])\n'
)


def composed(**subgraphs: str) -> Composition:
    """The composition of subgraphs that fit."""
    return compose(
        [SubgraphDefinition(name, f"http://{name}", LINK + sdl) for name, sdl in subgraphs.items()]
    )


def failures(**subgraphs: str) -> list[CompositionFailure]:
    """What is wrong with the subgraphs; empty when they compose."""
    try:
        composed(**subgraphs)
    except CompositionError as error:
        return error.errors
    return []


def failure(**subgraphs: str) -> CompositionFailure:
    """The one thing that is wrong with the subgraphs."""
    (found,) = failures(**subgraphs)
    return found


def operation(found: CompositionFailure) -> str:
    """The operation a failure shows, on one line."""
    shown = found.message[found.message.index("\n") : found.message.index("\n- ")]
    return " ".join(shown.split())
