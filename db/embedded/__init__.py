"""The stores that `plait up` runs itself when no URL is configured.

`start_postgres(home)` gives a running PostgreSQL 18 whose state lives in `<home>/postgres/`:

    postgres/
      data/             the cluster; appears complete (initdb works in data.partial-*/, then renames)
      socket/           the only way in: no TCP port is opened, and the folder is closed to other users
      clients/          one locked file per process that uses the server
      start.lock        held while a process starts, joins or stops the server
      supervisor.lock   held by the supervisor for as long as the server lives
      server.log

Several processes may use one directory: the first starts the server, the others join it, the last one to
leave stops it. "To leave" includes being killed: a lock dies with its process, so the supervisor needs no
heartbeat and leaves no orphan.
"""

from db.embedded.postgres import EmbeddedPostgres, start_postgres

__all__ = ["EmbeddedPostgres", "start_postgres"]
