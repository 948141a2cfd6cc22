"""The conformance corpus: verdicts, codes, supergraphs, API schemas and hints beside the reference's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from schema import Composition, CompositionError, CompositionFailure, SubgraphDefinition, compose

CORPUS = Path(__file__).parents[4] / "shared" / "conformance" / "composition.jsonl"
needs_corpus = pytest.mark.skipif(
    not CORPUS.exists(), reason=f"the corpus {CORPUS.name} is not at {CORPUS.parent}"
)

FLOORS = {
    "verdict": 0.99,
    "gold verdict": 1.0,
    "codes": 0.99,
    "supergraph": 1.0,
    "api schema": 1.0,
    "hints": 0.99,
    "located": 1.0,
}


def run(case: dict[str, list[dict[str, str]]]) -> Composition | list[CompositionFailure]:
    try:
        return compose(
            [SubgraphDefinition(s["name"], s.get("url") or "", s["sdl"]) for s in case["subgraphs"]]
        )
    except CompositionError as error:
        return error.errors


def blocks(sdl: str) -> Counter[tuple[str, ...]]:
    """A supergraph's definitions as multisets of lines: equal for the same supergraph in any order."""
    return Counter(tuple(sorted(line.strip() for line in block.split("\n"))) for block in sdl.split("\n\n"))


def shares(cases: Iterable[dict]) -> dict[str, float]:  # type: ignore[type-arg]
    """How often we agree, by measure."""
    agreed: Counter[str] = Counter()
    seen: Counter[str] = Counter()

    def note(measure: str, same: bool) -> None:
        seen[measure] += 1
        agreed[measure] += same

    for case in cases:
        reference, ours = case["apollo"], run(case)
        same = isinstance(ours, Composition) == reference["ok"]
        note("verdict", same)
        if case["agreement"] == "full":
            note("gold verdict", same)
        if isinstance(ours, list):
            for failure in ours:
                note("located", bool(failure.locations))
        if same and isinstance(ours, list):
            note("codes", {failure.code for failure in ours} == set(reference["error_codes"]))
        elif same and isinstance(ours, Composition):
            note("supergraph", blocks(ours.supergraph_sdl) == blocks(reference["supergraph_sdl"]))
            if reference["api_schema_sdl"]:
                note("api schema", ours.api_schema_sdl.strip() == reference["api_schema_sdl"].strip())
            given = {hint["code"] for hint in reference.get("hints") or []}
            note("hints", {str(hint.code) for hint in ours.hints} == given)
    return {measure: agreed[measure] / seen[measure] for measure in FLOORS}


@needs_corpus
def test_composition_agrees_with_the_reference() -> None:
    cases = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    measured = shares(case for case in cases if case["apollo"].get("ok") is not None)
    short = {measure: f"{share:.2%}" for measure, share in measured.items() if share < FLOORS[measure]}
    assert not short
