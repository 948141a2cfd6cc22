"""Reads the cases, and writes their plans."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from router.plan import QueryPlan
from router.planner import QueryPlanner
from schema import SubgraphDefinition, compose
from tests.support.differential.case import Composed, Scenario
from tests.support.differential.read import read_model
from tests.support.planning import composed

FOLDER = Path(__file__).parent / "cases"
FILES = tuple(sorted(FOLDER.glob("*.graphql")))


@dataclass(frozen=True, slots=True)
class Case:
    """An operation of a file; `reason` says why it is only planned, when it is."""

    title: str
    operation: str
    variables: tuple[dict[str, Any], ...]
    labels: frozenset[str]
    reason: str | None
    plan: str

    @property
    def name(self) -> str | None:
        """Of the operation, when it has one."""
        found = re.match(r"\s*(?:query|mutation|subscription) +(\w+)", self.operation)
        return found.group(1) if found else None


@dataclass(frozen=True, slots=True)
class Graph:
    """A file: its subgraphs and what is asked of them."""

    subgraphs: dict[str, str]
    cases: tuple[Case, ...]

    def supergraph(self) -> str:
        """What the subgraphs compose to, as they are written."""
        return composed(self.subgraphs)

    def scenario(self, seed: int, *, faulty: bool = False) -> Scenario:
        """The graph over data that follows from the seed; some of it fails to resolve when `faulty`."""
        found = Scenario.over(read_model(self.subgraphs, seed), _composed, faulty)
        assert found is not None
        return found


def _composed(subgraphs: Mapping[str, str]) -> Composed:
    """Raises CompositionError, which says what is wrong with a case."""
    made = compose([SubgraphDefinition(name=n, url=f"http://{n}", sdl=s) for n, s in subgraphs.items()])
    return Composed(made.supergraph_sdl, made.api_schema_sdl)


def read(path: Path) -> Graph:
    given, *operations = re.split(r"^# === ", path.read_text(encoding="utf-8"), flags=re.M)
    _, *parts = re.split(r"^# --- (.+)\n", given, flags=re.M)
    return Graph(dict(zip(parts[::2], parts[1::2], strict=True)), tuple(map(_case, operations)))


def _case(text: str) -> Case:
    title, _, rest = text.partition("\n")
    body, _, plan = rest.partition("# plan\n")
    labels = re.search(r"^# labels (.+)$", body, re.M)
    reason = re.search(r"^# not executed: (.+)$", body, re.M)
    variables = tuple(json.loads(found) for found in re.findall(r"^# variables (.+)$", body, re.M))
    return Case(
        title.strip(),
        re.sub(r"^# (variables|labels|not executed).*\n", "", body, flags=re.M).strip(),
        variables or ({},),
        frozenset(labels.group(1).split()) if labels else frozenset(),
        reason.group(1) if reason else None,
        plan.strip(),
    )


def planned(planner: QueryPlanner, case: Case) -> QueryPlan:
    return planner.plan(case.operation, case.name, case.labels)


def write(path: Path) -> None:
    """The file again, with the plans that the planner makes."""
    graph = read(path)
    planner = QueryPlanner(graph.supergraph())
    head, *operations = re.split(r"^(?=# === )", path.read_text(encoding="utf-8"), flags=re.M)
    for number, (text, case) in enumerate(zip(operations, graph.cases, strict=True)):
        asked = text.partition("# plan\n")[0].rstrip()
        operations[number] = f"{asked}\n# plan\n{planned(planner, case).to_text()}\n\n"
    path.write_text(head + "".join(operations).rstrip() + "\n", encoding="utf-8")
