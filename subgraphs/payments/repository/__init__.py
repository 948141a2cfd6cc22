"""How payments and refunds are kept: a Protocol for the service, and PostgreSQL."""

from subgraphs.payments.repository.postgres import PostgresPaymentRepository
from subgraphs.payments.repository.protocol import PaymentRepository

__all__ = ["PaymentRepository", "PostgresPaymentRepository"]
