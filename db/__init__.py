"""Stores: how to reach PostgreSQL, and the embedded one `plait up` starts. Knows no domain."""
