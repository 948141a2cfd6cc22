"""The oldest Python we allow, where this machine has it: Debian's, whose `re` differs from later patches.

The whole composer runs there, on the interpreter's own site-packages left out: it needs graphql-core alone.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import graphql
import pytest

from schema import SubgraphDefinition, compose
from schema.language.tokens import tokenize
from tests.schema.composition.test_sample import parts

ROOT = Path(__file__).parents[3]
SDLS = sorted((ROOT / "schema" / "sdl").glob("*.graphql"))
DEBIAN = "/usr/bin/python3"
SCRIPT = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from schema import SubgraphDefinition, compose
from schema.language.tokens import tokenize
from tests.schema.composition.test_sample import parts
given = json.load(sys.stdin)
composed = compose([SubgraphDefinition(*subgraph) for subgraph in given["subgraphs"]])
json.dump([composed.supergraph_sdl, [tokenize(text) for text in given["texts"]]], sys.stdout)
"""
TEXTS = [
    '"""A moment, ISO 8601."""\\nscalar DateTime',
    '"""one \\""" escaped""" type T { "a \\" b" a(x: String = ""): Int # note\n}',
    '""" "quoted" \\ """ "" """""" "\\\\" """unclosed \\"""',
    "type T { a(x: Float = -1.5e+3, y: Int = 0): [Int!]! ... }\ufeff#\n#\n",
    '"""' + 'a"b\\' * 2000,
]


def oldest() -> str | None:
    """Debian's python3 when it is an earlier patch of 3.11 than the one that runs this."""
    if shutil.which(DEBIAN) is None:
        return None
    shown = subprocess.run([DEBIAN, "--version"], capture_output=True, text=True, check=True).stdout
    return DEBIAN if shown.startswith("Python 3.11.") else None


def run(paths: list[str], given: object) -> list[object]:
    """What the script prints on Debian's Python."""
    ran = subprocess.run(
        [DEBIAN, "-I", "-c", SCRIPT, json.dumps(paths)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    printed: list[object] = json.loads(ran.stdout)
    return printed


def sample(name: str) -> list[tuple[str, str, str]]:
    """The subgraphs of a graph of the sample."""
    text = (ROOT / "tests" / "schema" / "composition" / "sample" / f"{name}.graphql").read_text()
    given, _, _ = text.partition("# === supergraph\n")
    return [(subgraph, f"http://{subgraph}", sdl) for subgraph, sdl in parts(given, "---").items()]


GRAPHS = {
    "ours": [(path.stem, f"http://{path.stem}", path.read_text()) for path in SDLS],
    "contexts": sample("contexts"),
    "directives": sample("directives_that_compose"),
}


@pytest.mark.skipif(oldest() is None, reason=f"{DEBIAN} is not a Python 3.11 (Debian 12 has 3.11.2)")
@pytest.mark.parametrize("graph", GRAPHS)
def test_composition_on_the_oldest_python_gives_the_same_tokens_and_supergraph(graph: str) -> None:
    paths = [str(ROOT), str(Path(graphql.__file__).parents[1])]
    sdl, tokens = run(paths, {"subgraphs": GRAPHS[graph], "texts": TEXTS})
    assert tokens == [tokenize(text) for text in TEXTS], sys.version
    assert sdl == compose([SubgraphDefinition(*subgraph) for subgraph in GRAPHS[graph]]).supergraph_sdl
