"""Published operations are planned before they are in force, so that their first clients do not wait."""

from __future__ import annotations

import logging

from router.errors import RequestError
from router.persisted.lists import OperationLists
from router.pipeline.pipeline import Pipeline
from router.pipeline.prepare import GuardedOperation
from router.pipeline.request import GraphQLRequest, RequestContext

logger = logging.getLogger(__name__)

MAX_TOLD = 20


async def prepare_published(lists: OperationLists, pipeline: Pipeline) -> None:
    """One after the other, as many as the pipeline keeps.

    Those that do not fit the supergraph are logged, and told to whoever asks for them.
    """
    labels = pipeline.labels.active(RequestContext({}))
    preparation = pipeline.preparation
    faults = []
    for operation in lists.operations[: preparation.capacity]:
        request = GraphQLRequest(operation.body, operation.name or None)
        try:
            found = await preparation.get(request, labels, pipeline.executor.deadline())
            if isinstance(found, GuardedOperation):  # For who is granted all that it requires.
                deadline = pipeline.executor.deadline()
                await preparation.get_granted(request, labels, found.required, deadline)
        except RequestError as error:
            faults.append(f"{operation.name or operation.id!r}: {error.errors[0]['message']}")
    for fault in faults[:MAX_TOLD]:
        logger.error("A published operation does not fit the supergraph: %s", fault)
    if len(faults) > MAX_TOLD:
        logger.error("%d more published operations do not fit the supergraph.", len(faults) - MAX_TOLD)
