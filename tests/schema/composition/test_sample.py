"""A sample of graphs of our own with all they compose to: a clone alone shows when a supergraph changes.

Each file of sample/ has subgraphs (`# --- name`), then the supergraph, the API schema and the codes of hints.
The reference composer makes the same of them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schema import Composition, SubgraphDefinition, compose

SAMPLE = sorted((Path(__file__).parent / "sample").glob("*.graphql"))


def parts(text: str, mark: str) -> dict[str, str]:
    """The sections of a text that start with `# mark name`, by name."""
    found = re.split(rf"^# {mark} (.+)\n", text, flags=re.M)
    return {name: body.strip() for name, body in zip(found[1::2], found[2::2], strict=True)}


def read(path: Path) -> tuple[Composition, dict[str, str]]:
    """What the subgraphs of a file compose to, and what it says they should."""
    text = path.read_text()
    given, _, _ = text.partition("# === supergraph\n")
    subgraphs = [SubgraphDefinition(n, f"http://{n}", sdl) for n, sdl in parts(given, "---").items()]
    return compose(subgraphs), parts(text, "===")


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_a_graph_of_the_sample_composes_to_what_it_always_did(path: Path) -> None:
    composition, expected = read(path)
    assert composition.supergraph_sdl.strip() == expected["supergraph"]
    assert composition.api_schema_sdl.strip() == expected["api schema"]
    assert sorted(hint.code for hint in composition.hints) == re.findall(r"\w+", expected["hints"])


def test_the_sample_is_there() -> None:
    assert len(SAMPLE) >= 7
