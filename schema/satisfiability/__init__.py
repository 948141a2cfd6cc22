"""Can every operation clients may write be answered? The last stage of composition, run on the supergraph.

    Supergraph
      → views         what each subgraph resolves, what clients see     (read, api, model, selections)
      → places        where a plan can stand, and keys between          (places)
      → conditions    a least fixed point: what a place can fetch, enter  (conditions, reach)
      → walk          every client step beside every way to answer it
                      (walk, state, agenda, visits, relevance, budget)
      → refine        walks again with the labels that matter           (refine)
                      and, where types are crowded, names all that fails  (naming)
      → detours       keys that other composers would not follow        (detours)
      → words         operations, reasons, remedies                     (operation, reasons, explain)

docs/satisfiability.md explains the design and shows the cost curve.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.report.errors import CompositionFailure
from schema.report.hints import Hint
from schema.satisfiability.budget import Budget
from schema.satisfiability.conditions import Conditions
from schema.satisfiability.detours import find_detours
from schema.satisfiability.explain import Locate, Wording
from schema.satisfiability.places import Places
from schema.satisfiability.read import read_views
from schema.satisfiability.reasons import Explainer
from schema.satisfiability.refine import Unfinished, walk_operations
from schema.supergraph import Supergraph

__all__ = ["DEFAULT_BUDGET", "Locate", "Satisfiability", "check_satisfiability"]

DEFAULT_BUDGET = 2_000_000
"""Work done before giving up: about two seconds, far above what graphs of hundreds of subgraphs need."""


@dataclass(frozen=True, slots=True)
class Satisfiability:
    """What was found, and the work it took; the supergraph is good when there are no errors."""

    errors: list[CompositionFailure]
    hints: list[Hint]
    work: int


def check_satisfiability(
    supergraph: Supergraph,
    *,
    locate: Locate | None = None,
    budget: int = DEFAULT_BUDGET,
) -> Satisfiability:
    """Checks a supergraph; it must be valid GraphQL, of join v0.3 or later.

    Clients cannot ask for what is @inaccessible, but keys and @requires may use it. `locate` puts places in
    the subgraphs on errors.

    Errors have the codes SATISFIABILITY_ERROR, SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES or, alone and last,
    MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED when the budget ran out. About linear in the supergraph when
    entities have keys; see `walk` and `conditions` for the exact bounds.
    """
    views = read_views(supergraph)
    places = Places(views)
    conditions = Conditions(places)
    wording = Wording(Explainer(places, conditions), locate)
    exceeded = []
    allowed = Budget(budget)
    try:
        findings = walk_operations(places, conditions, allowed)
    except Unfinished as unfinished:
        findings = unfinished.findings
        exceeded.append(wording.unfinished(unfinished))
    errors, hints = wording.runtime_types(findings.runtime_types)
    if not findings.failures and not exceeded:
        hints += map(wording.detour, find_detours(places, conditions, allowed))
    failures = [*wording.failures(findings.failures), *errors, *exceeded]
    return Satisfiability(failures, hints, budget - allowed.left)
