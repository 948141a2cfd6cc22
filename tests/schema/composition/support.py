"""Subgraphs in a line each: what the tests of composition are written with."""

from __future__ import annotations

import pytest

from schema import Composition, CompositionError, CompositionFailure, SubgraphDefinition, compose
from schema.specs.federation import FEDERATIONS


def link(minor: int = 12) -> str:
    """@link to a version of federation, with everything it has imported."""
    names = ", ".join(f'"@{directive.name}"' for directive in FEDERATIONS[minor].directives)
    return f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.{minor}", import: [{names}])\n'


def definitions(*, minor: int | None = 12, **subgraphs: str) -> list[SubgraphDefinition]:
    """Subgraphs by name; each is linked to federation unless `minor` is None or it links by itself."""
    prefix = "" if minor is None else link(minor)
    return [
        SubgraphDefinition(name, f"http://{name}", sdl if "@link" in sdl else prefix + sdl)
        for name, sdl in subgraphs.items()
    ]


def composed(*, minor: int | None = 12, **subgraphs: str) -> Composition:
    """Composes subgraphs that must compose."""
    return compose(definitions(minor=minor, **subgraphs))


def failures(*, minor: int | None = 12, **subgraphs: str) -> list[CompositionFailure]:
    """What keeps subgraphs from composing, which something must."""
    with pytest.raises(CompositionError) as raised:
        compose(definitions(minor=minor, **subgraphs))
    return raised.value.errors


def codes(*, minor: int | None = 12, **subgraphs: str) -> list[str]:
    """The codes of what keeps subgraphs from composing, each as often as it is reported, sorted."""
    return sorted(str(failure.code) for failure in failures(minor=minor, **subgraphs))


def hints(*, minor: int | None = 12, **subgraphs: str) -> list[str]:
    """The codes of what is noticed about subgraphs that compose, each as often as it is, sorted."""
    return sorted(str(hint.code) for hint in composed(minor=minor, **subgraphs).hints)


def printed(composition: Composition, start: str) -> str:
    """The definition in a supergraph that starts like `start`, on one line."""
    for definition in composition.supergraph_sdl.split("\n\n"):
        if definition.startswith(start):
            return " ".join(definition.split())
    raise AssertionError(f"nothing starts with {start!r} in:\n{composition.supergraph_sdl}")
