"""`python -m tests.support.public_audit URL`: the federation-gateway-audit's cases, asked of `plait router`.

URL is a running server of the audit (its README says how to start one). For each of its suites a router
process serves the suite's supergraph, as the audit composed it or, with `--composed-here`, as ours does
from the suite's subgraphs; each case is sent over HTTP and judged as the audit judges: the data are equal,
and there are errors where it says that there are.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from plait import SubgraphDefinition, compose
from tests.support.router_process import router_process

TIMEOUT = 30


def supergraph_of(url: str, suite: str, composed_here: bool) -> str:
    if not composed_here:
        return httpx2.get(f"{url}/{suite}/supergraph", timeout=TIMEOUT).raise_for_status().text
    subgraphs = httpx2.get(f"{url}/{suite}/subgraphs", timeout=TIMEOUT).raise_for_status().json()
    definitions = [
        SubgraphDefinition(name=part["name"], url=part["url"], sdl=part["sdl"]) for part in subgraphs
    ]
    return compose(definitions).supergraph_sdl


def failures(url: str, suite: str, composed_here: bool) -> Iterator[str | None]:
    """For each case None when it passes, else what was expected and what came."""
    cases = httpx2.get(f"{url}/{suite}/tests", timeout=TIMEOUT).raise_for_status().json()
    with tempfile.TemporaryDirectory() as folder:
        supergraph = Path(folder, "supergraph.graphql")
        supergraph.write_text(supergraph_of(url, suite, composed_here), encoding="utf-8")
        with router_process(supergraph) as router:
            address = re.search(r"http://[\d.:]+", router.wait_for(r"http://").string)
            assert address is not None
            with httpx2.Client(base_url=address[0], timeout=TIMEOUT) as client:
                for case in cases:
                    answer = client.post("/graphql", json={"query": case["query"]}).json()
                    yield failure(case["query"], case["expected"], answer)


def failure(query: str, expected: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`expected` without `errors` accepts both."""
    wanted, data = expected.get("data"), answer.get("data")
    errors = expected.get("errors")
    if wanted == data and (not isinstance(errors, bool) or errors == bool(answer.get("errors"))):
        return None
    return f"{query}\nexpected {expected}\nreceived {answer}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--composed-here", action="store_true")
    options = parser.parse_args()
    url = options.url.rstrip("/")
    passed = total = 0
    for suite in httpx2.get(f"{url}/ids", timeout=TIMEOUT).raise_for_status().json():
        results = list(failures(url, suite, options.composed_here))
        failed = [result for result in results if result is not None]
        passed, total = passed + len(results) - len(failed), total + len(results)
        print(f"{suite:50} {len(results) - len(failed)} of {len(results)}", *failed, sep="\n", flush=True)
    print(f"{passed} of {total}")
    return passed != total


if __name__ == "__main__":
    sys.exit(main())
