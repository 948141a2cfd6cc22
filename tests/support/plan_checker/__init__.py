"""A plan checker independent of the planner: it runs a plan symbolically and proves the answer's shape.

`check_plan` is the whole interface; `docs/proof.md` says what is proven, under which assumptions and bounds.
"""

from tests.support.plan_checker.check import check_plan
from tests.support.plan_checker.finding import Finding

__all__ = ["Finding", "check_plan"]
