"""Alembic's entry: runs the revisions of one domain over the connection that `db.migrate` hands in, or writes
them down (db/script.py).
"""

from __future__ import annotations

from alembic import context

if context.is_offline_mode():
    context.configure(
        dialect_name="postgresql",
        dialect_opts={"paramstyle": "named"},  # else each % would be written twice
        literal_binds=True,
        version_table_schema=context.config.attributes["schema"],
        output_buffer=context.config.output_buffer,
    )
else:
    context.configure(
        connection=context.config.attributes["connection"],
        version_table_schema=context.config.attributes["schema"],
        transaction_per_migration=True,
        on_version_apply=context.config.attributes["on_version_apply"],
    )
with context.begin_transaction():
    context.run_migrations()
