"""Fixtures of the kit's tests."""

from tests.support.kit import valkey, world

__all__ = ["valkey", "world"]
