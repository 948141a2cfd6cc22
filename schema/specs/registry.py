"""The specifications we know, by URL."""

from __future__ import annotations

from schema.specs.auth import AUTHENTICATED, POLICY, REQUIRES_SCOPES
from schema.specs.cache_tag import CACHE_TAG
from schema.specs.context import CONTEXT
from schema.specs.cost import COST
from schema.specs.federation import FEDERATIONS
from schema.specs.inaccessible import INACCESSIBLES
from schema.specs.join import JOINS
from schema.specs.link import LINK
from schema.specs.specification import APOLLO, FeatureUrl, Specification
from schema.specs.tag import TAGS

LINK_IDENTITY = APOLLO + "link"
CONNECT_IDENTITY = APOLLO + "connect"

_LINKABLE = {
    (specification.url.identity, specification.url.version): specification
    for specification in (
        LINK,
        *FEDERATIONS,
        *TAGS,
        *INACCESSIBLES,
        AUTHENTICATED,
        REQUIRES_SCOPES,
        POLICY,
        CONTEXT,
        COST,
    )
}
_JOINS = {join.url: join for _, join in JOINS}
_SUPERGRAPH = {**_LINKABLE, (CACHE_TAG.url.identity, CACHE_TAG.url.version): CACHE_TAG}


def find_specification(url: FeatureUrl) -> Specification | None:
    """The specification a subgraph links under this URL, if we know that version of it."""
    return _LINKABLE.get((url.identity, url.version))


def known_elements(url: FeatureUrl) -> list[str] | None:
    """Everything the specification at this URL defines; None when we do not know that version of it."""
    specification = find_specification(url) or _JOINS.get(url)
    return specification.element_names() if specification else None


def supergraph_specification(url: FeatureUrl) -> Specification:
    """A specification that composition itself links in a supergraph."""
    return _SUPERGRAPH[url.identity, url.version]
