"""Which headers travel to subgraphs and back."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from router.config.base import Config


class Propagate(Config, frozen=True):
    """Exactly one of `named` and `matching`."""

    named: Annotated[str | None, Meta(description="The client's header to send on.")] = None
    matching: Annotated[
        str | None, Meta(description="A regular expression for names of headers to send on.")
    ] = None
    rename: Annotated[str | None, Meta(description="The name it is sent under.")] = None
    default: Annotated[str | None, Meta(description="The value when the client sent none.")] = None


Fact = Literal[
    "client_address",
    "client_name",
    "client_version",
    "operation_kind",
    "operation_name",
    "partner",
    "request_id",
]


class Insert(Config, frozen=True):
    """Exactly one of `value`, `claim` and `context`."""

    name: Annotated[
        str, Meta(description="The header to add; what the client sent under this name is dropped.")
    ]
    value: Annotated[str | None, Meta(description="Its value.")] = None
    claim: Annotated[
        str | None,
        Meta(description="The claim of the client's token that it takes, `org.id` for a nested one."),
    ] = None
    context: Annotated[Fact | None, Meta(description="What the router knows of the request.")] = None


class Remove(Config, frozen=True):
    named: Annotated[str, Meta(description="The header not to send.")]


class HeaderRule(Config, frozen=True):
    """One of the three; rules apply in order."""

    propagate: Propagate | None = None
    insert: Insert | None = None
    remove: Remove | None = None


TraceContext = Literal["off", "forward", "begin"]
Merge = Literal["last", "first", "append"]


class Return(Config, frozen=True):
    """Exactly one of `named` and `matching`."""

    named: Annotated[str | None, Meta(description="The subgraph's header to send to the client.")] = None
    matching: Annotated[
        str | None, Meta(description="A regular expression for names of headers to send to the client.")
    ] = None
    rename: Annotated[str | None, Meta(description="The name it is sent under.")] = None
    merge: Annotated[
        Merge,
        Meta(description="Of several answers: the `last` that came, the `first`, or `append` all of them."),
    ] = "last"


class Withhold(Config, frozen=True):
    named: Annotated[str, Meta(description="The header not to send to the client.")]


class ResponseRule(Config, frozen=True):
    """One of the two; rules apply in order to each answer of a subgraph."""

    propagate: Return | None = None
    remove: Withhold | None = None


class SubgraphRules(Config, frozen=True):
    request: Annotated[
        tuple[HeaderRule, ...], Meta(description="Rules for requests to subgraphs, in order.")
    ] = ()
    response: Annotated[
        tuple[ResponseRule, ...], Meta(description="Rules for answers of subgraphs, in order.")
    ] = ()


class RequestRules(SubgraphRules, frozen=True):
    request: Annotated[
        tuple[HeaderRule, ...], Meta(description="Rules for requests to subgraphs, in order.")
    ] = (
        HeaderRule(propagate=Propagate(named="authorization")),
        HeaderRule(propagate=Propagate(named="x-request-id")),
    )


class HeadersConfig(Config, frozen=True):
    trace_context: Annotated[
        TraceContext,
        Meta(
            description="`traceparent` to subgraphs: `forward` the client's, `begin` one if none came, `off`."
        ),
    ] = "forward"
    all: RequestRules = field(default_factory=RequestRules)
    subgraphs: Annotated[
        dict[str, SubgraphRules], Meta(description="Rules of single subgraphs, after those for all.")
    ] = field(default_factory=dict)
