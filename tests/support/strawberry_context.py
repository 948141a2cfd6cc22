"""A Strawberry schema that uses its context as applications do. Strawberry reads its annotations."""

from typing import Any, Optional

import strawberry
from strawberry.types import Info


def make_schema(permission: type[Any], extension: type[Any]) -> Any:
    """Fields that read the request, set a cookie on the response, and ask for permission."""

    @strawberry.type
    class Query:
        @strawberry.field
        def whoami(self, info: Info) -> Optional[str]:  # noqa: UP045
            info.context["response"].set_cookie("seen", "yes")
            return str(info.context["request"].headers.get("x-user"))

        @strawberry.field(permission_classes=[permission])
        def secret(self) -> Optional[str]:  # noqa: UP045
            return "42"

        @strawberry.field
        def mine(self, info: Info) -> int:
            return int(info.context["mine"])

    return strawberry.federation.Schema(Query, extensions=[extension])
