"""Which headers travel to subgraphs."""

from __future__ import annotations

from typing import Annotated

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


class Insert(Config, frozen=True):
    name: Annotated[str, Meta(description="The header to add.")]
    value: Annotated[str, Meta(description="Its value.")]


class Remove(Config, frozen=True):
    named: Annotated[str, Meta(description="The header not to send.")]


class HeaderRule(Config, frozen=True):
    """One of the three; rules apply in order."""

    propagate: Propagate | None = None
    insert: Insert | None = None
    remove: Remove | None = None


class RequestRules(Config, frozen=True):
    request: Annotated[
        tuple[HeaderRule, ...], Meta(description="Rules for requests to subgraphs, in order.")
    ] = ()


def _default_rules() -> RequestRules:
    return RequestRules(
        request=(
            HeaderRule(propagate=Propagate(named="authorization")),
            HeaderRule(propagate=Propagate(named="x-request-id")),
        )
    )


class HeadersConfig(Config, frozen=True):
    all: RequestRules = field(default_factory=_default_rules)
    subgraphs: Annotated[
        dict[str, RequestRules], Meta(description="Rules of single subgraphs, after those for all.")
    ] = field(default_factory=dict)
