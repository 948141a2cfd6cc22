"""What was done once with the data of a database, kept in that database: moved away or restored, the data
takes its marks along.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.pool import NullPool

from db.config import DomainStore
from db.postgres import place, private_engine, unavailable
from db.urls import parse_url

CREATE = """
CREATE TABLE IF NOT EXISTS public.plait_marks (
    name text PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now()
)"""
ADD = "INSERT INTO public.plait_marks (name) VALUES (:name) ON CONFLICT DO NOTHING"
FIND = "SELECT EXISTS (SELECT FROM public.plait_marks WHERE name = :name)"


async def is_marked(store: DomainStore, mark: str) -> bool:
    """Asked as the administrator: the marks are no domain's. Raises StoreUnavailable."""
    return bool(await _run(store, mark, FIND))


async def mark(store: DomainStore, mark: str) -> None:
    """Marking twice is marking once. Raises StoreUnavailable."""
    await _run(store, mark, ADD)


async def _run(store: DomainStore, mark: str, statement: str) -> object:
    url = parse_url(store.admin_url)
    engine = private_engine(url, poolclass=NullPool)
    try:
        with unavailable(place(url)):
            async with engine.begin() as connection:
                await connection.execute(text(CREATE))
                result = await connection.execute(text(statement), {"name": f"{store.domain}: {mark}"})
                return result.scalar() if result.returns_rows else None
    finally:
        await engine.dispose()
