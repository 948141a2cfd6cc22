"""What is beyond a limit: refused, or only logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode

from router.config import LimitsConfig
from router.errors import GraphQLErrorDict, RefusedOperation
from router.limits.count import count
from router.limits.lists import longest_list, longest_literal

logger = logging.getLogger(__name__)

MAX_DEPTH = "MAX_DEPTH_LIMIT"
MAX_HEIGHT = "MAX_HEIGHT_LIMIT"
MAX_ALIASES = "MAX_ALIASES_LIMIT"
MAX_ROOT_FIELDS = "MAX_ROOT_FIELDS_LIMIT"
MAX_DIRECTIVES = "MAX_DIRECTIVES_LIMIT"
MAX_FRAGMENTS = "MAX_FRAGMENTS_LIMIT"
MAX_LIST_ITEMS = "MAX_LIST_ITEMS_LIMIT"


@dataclass(frozen=True, slots=True)
class Beyond:
    code: str
    found: int
    limit: int
    what: str

    def formatted(self) -> GraphQLErrorDict:
        """The number found is left out: a bomb's has hundreds of digits."""
        message = f"The operation has {self.what}; at most {self.limit} are allowed."
        return {"message": message, "extensions": {"code": self.code}}


class LimitExceeded(RefusedOperation):
    def __init__(self, beyond: list[Beyond]) -> None:
        errors = [one.formatted() for one in beyond]
        super().__init__(errors[0]["message"], code=beyond[0].code, errors=errors)


class OperationLimits:
    """`limits_variables`: requests' variables are to be checked too."""

    def __init__(self, config: LimitsConfig) -> None:
        self._config = config
        self.max_tokens = config.max_tokens
        self._counts = any(
            limit is not None
            for limit in (
                config.max_depth,
                config.max_height,
                config.max_aliases,
                config.max_root_fields,
                config.max_directives,
                config.max_fragments,
            )
        )
        self.limits_variables = config.max_list_items is not None

    def check(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        """Before the document is validated. Raises `LimitExceeded` with everything that is too much."""
        beyond = [*self._beyond(operation, fragments), *self._beyond_lists(document)]
        self._settle(beyond, operation.name.value if operation.name else None)

    def check_variables(self, variables: Mapping[str, Any], name: str | None) -> None:
        """Those of one request. Raises `LimitExceeded`."""
        self._settle(list(self._too_long(longest_list(variables))), name)

    def _beyond(
        self, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> Iterator[Beyond]:
        if not self._counts:
            return
        config, counts = self._config, count(operation, fragments)
        for code, found, limit, what in (
            (MAX_DEPTH, counts.depth, config.max_depth, "too many levels of fields"),
            (MAX_HEIGHT, counts.height, config.max_height, "too many fields"),
            (MAX_ALIASES, counts.aliases, config.max_aliases, "too many aliases"),
            (MAX_ROOT_FIELDS, counts.root_fields, config.max_root_fields, "too many fields at its root"),
            (MAX_DIRECTIVES, counts.directives, config.max_directives, "too many directives"),
            (MAX_FRAGMENTS, counts.fragments, config.max_fragments, "too many fragments"),
        ):
            if limit is not None and found > limit:
                yield Beyond(code, found, limit, what)

    def _beyond_lists(self, document: DocumentNode) -> Iterator[Beyond]:
        if self.limits_variables:
            yield from self._too_long(longest_literal(document))

    def _too_long(self, found: int) -> Iterator[Beyond]:
        limit = self._config.max_list_items
        if limit is not None and found > limit:
            yield Beyond(MAX_LIST_ITEMS, found, limit, "a list of too many items")

    def _settle(self, beyond: list[Beyond], name: str | None) -> None:
        if not beyond:
            return
        if self._config.mode == "enforce":
            raise LimitExceeded(beyond)
        for one in beyond:
            logger.warning("Operation %s has %s, beyond %d: %s", name, one.what, one.limit, one.code)
