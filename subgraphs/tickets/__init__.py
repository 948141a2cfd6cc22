"""Ticket types, registrations, tickets and check-ins: who may come in, and how they came to that."""
