"""Differential property test: a routed answer equals the answer of one merged schema.

A seed gives a federated schema (`generate`), its data (`world`) and operations (`operations`). Each operation
is executed on the merged schema (`merged`) and by the router over strict fake subgraphs (`subgraphs`); the
answers must be equal, order of keys included. `docs/proof.md` says how to run, replay and read it.
"""
