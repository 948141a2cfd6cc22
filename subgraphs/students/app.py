"""The students subgraph, assembled."""

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
from subgraphs.students.loaders import StudentsContext, students_context
from subgraphs.students.repository import PostgresLearningRepository, PostgresStudentRepository
from subgraphs.students.schema import build_schema
from subgraphs.students.service import Learning, Students


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    peers = Peers(config.peers, asking="students")
    students = Students(PostgresStudentRepository(database), peers, cipher_of(config))
    learning = Learning(PostgresLearningRepository(database), students)
    notes = ReadNotes(database)

    def context(request: Request) -> StudentsContext:
        return students_context(request, students, learning, notes)

    return Subgraph(
        name="students",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )
