"""The stores that `plait up` runs itself when no URL is configured.

    start_postgres(home)    PostgreSQL 18 in <home>/postgres/      over a socket
    start_valkey(home)      Valkey in <home>/valkey/               over a socket
    start_seaweedfs(home)   SeaweedFS's S3 in <home>/seaweedfs/    on loopback ports, with keys

Each folder has the same parts:

    data/             what the server keeps; a cluster appears complete (initdb works in data.partial-*/)
    socket/           the way in, closed to other users
    clients/          one locked file per process that uses the server
    start.lock        held while a process starts, joins or stops the server
    supervisor.lock   held by the supervisor for as long as it looks after the server
    server.lock       held by the server and all it forked, for as long as one of them lives
    stopping          there from when the server is told to end until the next start: it is not joined
    ready             there once the server was ready: from then on it is started again when it dies
    server.log        at most 8 MiB, and as much again in server.log.1

Several processes may use one directory: the first starts the server, the others join it, the last one to
leave stops it. "To leave" includes being killed: a lock dies with its process, so the supervisor needs no
heartbeat and leaves no orphan.
"""

from db.embedded.postgres import EmbeddedPostgres, start_postgres
from db.embedded.seaweedfs import EmbeddedSeaweedFS, start_seaweedfs
from db.embedded.server import EmbeddedServer
from db.embedded.valkey import EmbeddedValkey, start_valkey

__all__ = [
    "EmbeddedPostgres",
    "EmbeddedSeaweedFS",
    "EmbeddedServer",
    "EmbeddedValkey",
    "start_postgres",
    "start_seaweedfs",
    "start_valkey",
]
