"""One operation in, one response out: federated GraphQL over any supergraph.

`Router` is imported only when it is asked for, so that parts of the router stay light on their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from router.app import Router
    from router.authorization.policies import PolicyRequest

__all__ = ["PolicyRequest", "Router"]


def __getattr__(name: str) -> Any:
    if name == "Router":
        from router.app import Router

        return Router
    if name == "PolicyRequest":
        from router.authorization.policies import PolicyRequest

        return PolicyRequest
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
