"""Many cases: schemas by rising seed, operations by number; failures shrunk, with how to replay them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from router import Router
from router.planner.errors import PlanningError
from tests.support.differential.broken import BreakingSubgraph, silent_loss
from tests.support.differential.case import Compose, Scenario, compose_here, difference, pretty
from tests.support.differential.operations import Operation
from tests.support.differential.shrink import shrink
from tests.support.differential.stores import BothWays
from tests.support.plan_checker.check import check_plan_on
from tests.support.plan_checker.client import read_operation

PROVEN = "the plan is proven right"


@dataclass(frozen=True, slots=True)
class Failure:
    schema_seed: int
    number: int
    shown: str

    def __str__(self) -> str:
        return f"--- replay {self.schema_seed}:{self.number}\n{self.shown}"


@dataclass(slots=True)
class Report:
    cases: int = 0
    schemas: int = 0
    refused: int = 0
    """Schemas the composer refused."""
    failures: list[Failure] = field(default_factory=list)
    note: str = ""

    def __str__(self) -> str:
        return (
            f"{self.cases} operations over {self.schemas} schemas ({self.refused} more did not compose)"
            f"{', ' * bool(self.note)}{self.note}: {len(self.failures)} failed"
        )


def new_router(scenario: Scenario) -> Router:
    labels = scenario.world.labels
    return Router(scenario.composed.supergraph_sdl, scenario.subgraphs, label_hook=lambda _: labels)


async def run_campaign(
    first_seed: int,
    cases: int,
    per_schema: int,
    tell: Callable[[object], None] = lambda _: None,
    compose: Compose = compose_here,
) -> Report:
    report, seed = Report(), first_seed
    while report.cases < cases:
        scenario = Scenario.of(seed, compose)
        seed += 1
        if scenario is None:
            report.refused += 1
            assert report.refused <= 10 + 3 * report.schemas, "most random schemas do not compose"
            continue
        report.schemas += 1
        async with new_router(scenario) as router:
            for number in range(min(per_schema, cases - report.cases)):
                report.cases += 1
                failure = await _run(router, scenario, number)
                if failure is not None:
                    report.failures.append(failure)
                    tell(failure)
    return report


async def run_broken_campaign(
    first_seed: int, cases: int, per_schema: int, tell: Callable[[object], None] = lambda _: None
) -> Report:
    """Operations over subgraphs that break at random: nothing may be lost without an error."""
    report, seed = Report(), first_seed
    while report.cases < cases:
        scenario = Scenario.sound(seed)
        seed += 1
        if scenario is None:
            report.refused += 1
            continue
        report.schemas += 1
        # What a mutation answers depends on how many ran before it, and some do not run here.
        queries = [n for n in range(per_schema) if not scenario.operation(n).text.startswith("mutation")]
        numbers = queries[: cases - report.cases]
        report.cases += len(numbers)
        for failure in await run_broken(scenario, numbers):
            report.failures.append(failure)
            tell(failure)
    return report


async def run_stores_campaign(
    first_seed: int, cases: int, per_schema: int, tell: Callable[[object], None] = lambda _: None
) -> Report:
    """Operations on structures and on dicts, half of them over subgraphs that break: no difference."""
    report, seed, held = Report(), first_seed, 0
    while report.cases < cases:
        scenario = Scenario.sound(seed)
        seed += 1
        if scenario is None:
            report.refused += 1
            continue
        report.schemas += 1
        ways = BothWays.of(scenario)
        for number in range(min(per_schema, cases - report.cases)):
            report.cases += 1
            found, to_the_end = await run_both_ways(ways, number)
            held += to_the_end
            if found is not None:
                report.failures.append(found)
                tell(found)
    report.note = f"{held} of them on structures to the end"
    return report


async def run_both_ways(ways: BothWays, number: int) -> tuple[Failure | None, bool]:
    """Even numbers with subgraphs that break."""
    scenario = ways.scenario
    operation = scenario.operation(number)
    try:
        plan = ways.plan(operation)
    except PlanningError as error:
        return Failure(scenario.model.seed, number, repr(error)), False
    seed = None if number % 2 else f"{scenario.model.seed}:{number}"
    found, held = await ways.difference(operation, plan, seed)
    if found is None:
        return None, held
    return Failure(scenario.model.seed, number, f"{found}\n{plan.to_text()}"), held


async def run_broken(scenario: Scenario, numbers: Iterable[int]) -> list[Failure]:
    broken = {name: BreakingSubgraph(subgraph) for name, subgraph in scenario.subgraphs.items()}
    labels = scenario.world.labels
    failures = []
    async with Router(scenario.composed.supergraph_sdl, broken, label_hook=lambda _: labels) as router:
        for number in numbers:
            operation = scenario.operation(number)
            seed = f"{scenario.model.seed}:{number}"
            found = await silent_loss(router, scenario, broken, operation, seed)
            if found is not None:
                plan, findings = judge_plan(scenario, operation)
                shown = "\n".join((str(found), plan, *findings))
                failures.append(Failure(scenario.model.seed, number, shown))
    return failures


async def run_one(schema_seed: int, number: int, compose: Compose = compose_here) -> Failure | None:
    scenario = Scenario.of(schema_seed, compose)
    assert scenario is not None, f"the schema of seed {schema_seed} does not compose"
    async with new_router(scenario) as router:
        return await _run(router, scenario, number)


async def _run(router: Router, scenario: Scenario, number: int) -> Failure | None:
    """Also when the answers are equal the plan must be proven: this world's data may not show its fault."""
    operation = scenario.operation(number)
    found = await difference(router, scenario, operation)
    if found is None:
        plan, findings = judge_plan(scenario, operation)
        if not findings:
            return None
        shown = f"schema seed {scenario.model.seed}\n{pretty(operation.text)}\nthe answers are equal"
        return Failure(scenario.model.seed, number, "\n".join((shown, plan, *findings)))

    async def fails(candidate: Operation) -> bool:
        return await difference(router, scenario, candidate) is not None

    small = await shrink(scenario.merged.schema, operation, fails)
    shrunk = await difference(router, scenario, small) or found
    plan, findings = judge_plan(scenario, shrunk.operation)
    return Failure(scenario.model.seed, number, "\n".join((str(shrunk), plan, *(findings or [PROVEN]))))


def judge_plan(scenario: Scenario, operation: Operation) -> tuple[str, list[str]]:
    """The plan and what the checker says of it: a finding points at the planner, none at the executor."""
    judge = scenario.judge()
    try:
        plan = judge.planner.plan(operation.text, override_labels=scenario.world.labels)
    except Exception as error:  # noqa: BLE001 - the report says whatever the planner did
        return "", [f"the planner raises {error!r}"]
    findings = check_plan_on(judge.supergraph, read_operation(operation.text, None), plan)
    return plan.to_text(), [str(finding) for finding in findings]
