"""What a supergraph protects and this router does not: such a supergraph is refused, never served.

Composition carries `@authenticated`, `@requiresScopes` and `@policy` along, and a router that ignores them
gives everybody what they guard. A specification linked `for: SECURITY` has to be understood or refused
(core specification, section 8.1), whether or not it is applied somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from router.errors import SupergraphError
from schema.supergraph import AppliedDirective

UNENFORCED = frozenset(("authenticated", "requiresScopes", "policy"))
_SPECIFICATION = re.compile(r"https://specs\.apollo\.dev/([^/]+)/v\d+\.\d+/?")


class UnenforcedProtection(SupergraphError):
    code = "UNSUPPORTED_LINKED_FEATURE"

    def __init__(self, names: Iterable[str]) -> None:
        shown = ", ".join(f"@{name}" for name in names)
        super().__init__(
            f"The supergraph protects elements with {shown}, which this router does not enforce yet;"
            " serving it would give everybody what they guard."
            " Take the directives out, or route it with one that enforces them."
        )


def refuse_unenforced(directives: Iterable[AppliedDirective]) -> None:
    """The directives of the `schema` definition. Raises `UnenforcedProtection`."""
    urls = (directive.arguments.get("url", directive.arguments.get("feature")) for directive in directives)
    found = (_SPECIFICATION.fullmatch(url) for url in urls if isinstance(url, str))
    names = sorted({match[1] for match in found if match and match[1] in UNENFORCED})
    if names:
        raise UnenforcedProtection(names)
