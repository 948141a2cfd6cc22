"""Copies of who follows whom, who blocks whom and whose account is private, as users tells of them.

    follows, blocks = follows_table(metadata), blocks_table(metadata)       # in a domain's models

Ids of users alone, in the domain's own schema; its migrations make them. docs/kit.md says under "News" and
"Messages" what keeps them up to date.
"""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Uuid


def follows_table(metadata: MetaData) -> Table:
    return _pairs("follows", "follower_id", "followed_id", metadata)


def blocks_table(metadata: MetaData) -> Table:
    return _pairs("blocks", "blocker_id", "blocked_id", metadata)


def private_accounts_table(metadata: MetaData) -> Table:
    return Table("private_accounts", metadata, Column("user_id", Uuid, primary_key=True))


def _pairs(name: str, who: str, whom: str, metadata: MetaData) -> Table:
    return Table(name, metadata, Column(who, Uuid, primary_key=True), Column(whom, Uuid, primary_key=True))
