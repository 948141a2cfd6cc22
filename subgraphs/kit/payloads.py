"""Mutations by one convention: `verbNoun(input: VerbNounInput!): VerbNounPayload`.

    @payload
    class CreatePostPayload:
        post: Post | None = outcome("The new post.")
        errors: list[UserError] = problems()

    @mutation(CreatePostPayload, description="Publish something.")
    async def create_post(self, info: PostsInfo, input: CreatePostInput) -> CreatePostPayload | None: …

What the service refuses becomes the payload's `errors`; any other error is a GraphQL error with null for
this payload alone: the mutations beside it keep their answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, dataclass_transform

import strawberry

from subgraphs.kit.demand import DEAR
from subgraphs.kit.errors import Refused

Payload = TypeVar("Payload")
Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
Class = TypeVar("Class", bound=type)
Resolve = Callable[Concatenate[Owner, Arguments], Awaitable[Payload]]

ERRORS = "Why nothing was done: everything at once. Empty when it was done."


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def payload(cls: Class) -> Class:
    """A payload type, described after its mutation."""
    verb = cls.__name__.removesuffix("Payload")
    described = f"What {verb[0].lower()}{verb[1:]} did, or why it did not."
    return strawberry.type(cls, description=described)


def outcome(description: str) -> Any:
    """The entity a mutation answers with; null when it was refused."""
    return strawberry.field(default=None, description=f"{description} Null when it was refused.")


def problems() -> Any:
    return strawberry.field(default_factory=list, description=ERRORS)


def mutation(
    refusal: Callable[..., Payload], *, description: str, is_dear: bool = False
) -> Callable[[Resolve[Any, Any, Any]], Any]:
    """A field of Mutation; `refusal` is the payload's class. `is_dear`: one hashes a password, or as much."""

    def decorate(resolve: Resolve[Any, Any, Any]) -> Any:
        @wraps(resolve)
        async def answer(*args: Any, **kwargs: Any) -> Any:
            try:
                return await resolve(*args, **kwargs)
            except Refused as refused:
                return refusal(errors=list(refused.errors))

        directives = [DEAR] if is_dear else []
        return strawberry.mutation(resolver=answer, description=description, directives=directives)

    return decorate
