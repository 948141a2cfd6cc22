"""One Alembic history per domain: `db/migrations/<domain>/rev_0001_….py`.

Additive: a column is added, filled, and only in a later release left behind; an applied revision is never
edited. Each has a downgrade. A revision is one transaction: what is interrupted leaves nothing, and the next
run goes on from there.
"""
