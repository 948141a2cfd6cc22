"""A partner as it calls: its list of operations, its rate, its part of the graph, its bill."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec
from graphql import OperationDefinitionNode

from router.cache.lru import LRU
from router.demand.check import TooExpensive
from router.errors import RequestError
from router.partners.errors import ContractUnusable
from router.partners.partner import Partner
from router.partners.usage import Usage
from router.persisted.lists import OperationLists
from router.pipeline.parse import parse_document
from router.pipeline.pipeline import Pipeline
from router.pipeline.request import GraphQLRequest
from router.rates.gcra import Rates
from router.rates.limits import RateLimited
from schema.report.errors import CompositionError

Newest = Callable[[str], Awaitable["PartnerCaller | None"]]
"""A partner as the store has it now, by name: it may have been published for since."""
INTROSPECTION = "(introspection)"
"""What operations that ask for the contract's schema are called where use is told."""
JUDGED = 32
MAX_JUDGED_CHARACTERS = 20_000
MAX_TOKENS = 5_000


class PartnerCaller:
    """One per record: a changed record is another caller."""

    def __init__(self, partner: Partner, usage: Usage, rates: Rates, newest: Newest) -> None:
        self.partner = partner
        self.name = partner.name
        self.has_own_rate = partner.limits.rate is not None
        self.lists = OperationLists(partner.operations)
        self._usage = usage
        self._rates = rates
        self._newest = newest
        self._introspections: LRU[str, bool] = LRU(JUDGED)
        self._own: tuple[Pipeline, Pipeline] | None = None

    async def resolve(self, request: GraphQLRequest) -> GraphQLRequest:
        """Raises `RateLimited`, `RequestError` for what was not published for this partner."""
        rate = self.partner.limits.rate
        if rate is not None:
            wait = await self._rates.take(f"partner:{self.name}", rate.count, rate.seconds)
            if wait > 0:
                raise RateLimited(f"partner {self.name}", wait)
        if request.query:
            return self._introspection(request)
        id_ = request.document_id or request.query_hash or ""
        published = self.lists.find(id_, None)
        if published is None and (newest := await self._newest(self.name)) is not None:
            published = newest.lists.find(id_, None)
        if published is None:
            raise RequestError(
                f"The operation {id_[:100]!r} was not published for this partner.",
                code="PERSISTED_QUERY_NOT_IN_LIST",
                status=404,
            )
        name = request.operation_name or published.name or None
        return msgspec.structs.replace(request, query=published.body, operation_name=name)

    async def pipeline(self, everybodys: Pipeline) -> Pipeline:
        """Raises `ContractUnusable`."""
        own = self._own
        if own is None or own[0] is not everybodys:
            own = self._own = (everybodys, await self._made(everybodys))
        return own[1]

    def ended(self, codes: tuple[str, ...]) -> None:
        if codes:
            self._usage.count_codes(self.name, codes)

    async def _made(self, everybodys: Pipeline) -> Pipeline:
        assert everybodys.contracts is not None, "there are partners"
        try:
            view = await everybodys.contracts.view(self.partner.contract.cut)
        except CompositionError as error:
            raise ContractUnusable from error
        demand = view.demand
        if self.partner.limits.max_cost is not None:  # Its own in place of everybody's.
            demand = replace(demand, config=msgspec.structs.replace(demand.config, max_cost=None))
        return replace(everybodys, preparation=view.preparation, demand=demand, charge=self._charge)

    async def _charge(self, request: GraphQLRequest, cost: float | None) -> None:
        """The operation is about to be run."""
        limit = self.partner.limits.max_cost
        if limit is not None and cost is not None and cost > limit:
            raise TooExpensive(cost, limit)
        await self._usage.take(self.partner, request.document_id or request.query_hash or "", cost)

    def _introspection(self, request: GraphQLRequest) -> GraphQLRequest:
        """A text is run only if it asks for the schema; whether that is answered is another question."""
        if self._introspections.find(request.query) is None:
            if not _asks_for_the_schema(request.query):
                raise RequestError(
                    "A partner runs published operations only, by their id.",
                    code="PERSISTED_QUERY_ID_REQUIRED",
                )
            self._introspections.put(request.query, True)
        return msgspec.structs.replace(request, document_id=INTROSPECTION, query_hash=None)


def _asks_for_the_schema(text: str) -> bool:
    """Whether every root field of every operation is one of introspection. Raises `RequestError`."""
    if len(text) > MAX_JUDGED_CHARACTERS:
        return False
    operations = [
        each
        for each in parse_document(text, MAX_TOKENS).definitions
        if isinstance(each, OperationDefinitionNode)
    ]
    return bool(operations) and all(map(_is_introspection, operations))


def _is_introspection(operation: OperationDefinitionNode) -> bool:
    """Fragments at the root are not looked into: tools write none there."""
    names = (getattr(getattr(each, "name", None), "value", "") for each in operation.selection_set.selections)
    kinds = {each.kind for each in operation.selection_set.selections}
    return kinds == {"field"} and all(name.startswith("__") for name in names)
