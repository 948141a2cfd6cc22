"""docs/composition-errors.md: every example fails with its code, every fix composes, every code is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schema import CompositionError, ErrorCode, SubgraphDefinition, compose
from schema.specs.federation import FEDERATIONS

PAGE = Path(__file__).parents[2] / "docs" / "composition-errors.md"
_SECTION = re.compile(
    r"^## ([A-Z_]+)\n\n.+?\n\n```graphql error\n(.+?)\n```\n\n```graphql fixed\n(.+?)\n```$", re.M | re.S
)
SECTIONS = {code: (failing, fixed) for code, failing, fixed in _SECTION.findall(PAGE.read_text())}
_NAMES = ", ".join(f'"@{directive.name}"' for directive in FEDERATIONS[12].directives)
LINK = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [{_NAMES}])\n'


def subgraphs(example: str) -> list[SubgraphDefinition]:
    """The subgraphs of an example, linked to federation unless they say otherwise."""
    parts = re.split(r"^# --- (\S+)\n", example, flags=re.M)
    assert not parts[0].strip(), "an example starts with a subgraph's name"
    return [
        SubgraphDefinition(name, "", sdl if "@link" in sdl or "# federation 1" in sdl else LINK + sdl)
        for name, sdl in zip(parts[1::2], parts[2::2], strict=True)
    ]


TWICE = {"DIRECTIVE_DEFINITION_INVALID": 2, "OVERRIDE_SOURCE_HAS_OVERRIDE": 2}
"""Examples that show two mistakes of a kind: two differences of one definition, one on each side."""


@pytest.mark.parametrize("code", SECTIONS)
def test_the_example_of_a_code_fails_with_it(code: str) -> None:
    with pytest.raises(CompositionError) as raised:
        compose(subgraphs(SECTIONS[code][0]))
    assert [error.code for error in raised.value.errors] == [code] * TWICE.get(code, 1)
    assert all(error.message for error in raised.value.errors)


@pytest.mark.parametrize("code", SECTIONS)
def test_the_fix_of_a_code_composes(code: str) -> None:
    assert compose(subgraphs(SECTIONS[code][1])).supergraph_sdl


def test_every_code_is_on_the_page() -> None:
    named = set(SECTIONS) | set(re.findall(r"^\| ([A-Z_]+) \|", PAGE.read_text(), re.M))
    assert named == {str(code) for code in ErrorCode}
