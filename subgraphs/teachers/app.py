"""The teachers subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.audit_reads import ReadNotes
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.ciphers import cipher_of
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.teachers.loaders import TeachersContext, teachers_context
from subgraphs.teachers.repository import PostgresTeacherRepository
from subgraphs.teachers.schema import build_schema
from subgraphs.teachers.service import Teachers


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    peers = Peers(config.peers, asking="teachers")
    teachers = Teachers(PostgresTeacherRepository(database), peers, cipher_of(config))
    notes = ReadNotes(database)

    def context(request: Request) -> TeachersContext:
        return teachers_context(request, teachers, notes)

    return Subgraph(
        name="teachers",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )
