"""The conformance corpora beside the checkout; a test that needs one says so when it is absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CONFORMANCE = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "conformance"


def corpus(name: str) -> list[dict[str, Any]]:
    path = CONFORMANCE / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def corpus_params(name: str) -> list[Any]:
    """One pytest parameter per case; a single skipped one when the corpus is not there."""
    cases = corpus(name)
    if not cases:
        reason = f"the folder ../shared/conformance with {name} is missing"
        return [pytest.param(None, id="no-corpus", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(case, id=case["id"]) for case in cases]
