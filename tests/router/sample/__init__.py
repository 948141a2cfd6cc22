"""Graphs and operations of our own with the plans they have: what ../shared's corpora cover, without them.

A file of cases/ has its subgraphs (`# --- name`), then operations (`# === fact`), each followed by some of:

    # variables {…}     values to execute it with; may stand several times
    # labels a b        override labels that are on
    # not executed: …   why it is only planned
    # plan              the plan as text

`python -m tests.router.sample` writes the plans that the planner makes now, to be read in the difference.
"""
