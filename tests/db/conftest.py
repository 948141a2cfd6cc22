"""Fixtures of the store tests."""

from tests.support.postgres import empty_database, postgres_server, stores

__all__ = ["empty_database", "postgres_server", "stores"]
