"""Accounts: who people are, how they prove it, and who follows whom. Issues the tokens every other subgraph
checks.
"""
