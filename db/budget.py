"""How many connections a process opens to one PostgreSQL: a budget that its domains share.

    embedded   480 of the server's 500          another server   PLAIT_DATABASE_CONNECTIONS
        └── / domains on it ──► a domain's share, 28 at most
                                  ├── requests   20, half of them lent (db/lending.py)
                                  └── worker      8, a quarter of them lent

A process that opened more than the server allows would fail in the domain that happens to come last, and
with it somebody's request. So each domain keeps to its share, and who finds it busy waits in line for some
seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from db.errors import TooFewConnections

EMBEDDED_LIMIT = 500
"""`max_connections` of the embedded server. One that nobody uses costs it some kilobytes."""
RESERVED = 20
"""Left for migrations, backups, and whoever looks into it with psql."""
EMBEDDED = EMBEDDED_LIMIT - RESERVED
CONFIGURED = 180
"""Of another server, when nothing is said."""
MOST, LEAST = 28, 8
"""Of one domain. More find no processor to run on; fewer, and two statements of one request could wait for
each other."""


@dataclass(frozen=True, slots=True)
class Share:
    """`pooled` are SQLAlchemy's, for transactions; `lent` are for statements that were compiled before."""

    pooled: int
    lent: int

    @property
    def all(self) -> int:
        return self.pooled + self.lent


def for_requests(connections: int = MOST) -> Share:
    """Of a domain's connections, those its requests have: five in seven."""
    count = connections - for_worker(connections).all
    return Share(count - count // 2, count // 2)


def for_worker(connections: int = MOST) -> Share:
    """Those its worker has. One of them holds the lead for as long as it works."""
    count = max(3, connections * 2 // 7)
    return Share(count - count // 4, count // 4)


def shares(servers: Mapping[str, str], budgets: Mapping[str, int]) -> Mapping[str, int]:
    """Domain → its connections, from domain → server and server → budget. Raises TooFewConnections."""
    domains = Counter(servers.values())
    for server, count in domains.items():
        if budgets[server] < LEAST * count:
            raise TooFewConnections(server, budgets[server], count, LEAST)
    return {domain: min(MOST, budgets[server] // domains[server]) for domain, server in servers.items()}
