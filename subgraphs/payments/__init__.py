"""Payments for registrations, refunds, and the ledger that says where the money is."""
