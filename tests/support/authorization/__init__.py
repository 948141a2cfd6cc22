"""Authorization beside an independent model, on random graphs, protections, callers and operations.

    protect.py    random protections, written into a supergraph as a composer would
    judge.py      what each protection means: the requirements of types and fields, by the specification
    reference.py  the answer of one schema that knows everything, executed for a caller
    leaks.py      what subgraphs were asked for that the caller may not have
    campaign.py   many cases

`python -m tests.support.authorization --cases 100000`. Nothing here uses the router's code but the router.
"""
