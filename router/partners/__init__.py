"""Partners: who calls with a key of their own, what they may run, how often, and what they see of the graph.

key.py        plait_pk_…: made, told from noise without a look-up, hashed
partner.py    a partner as it is kept: keys, operations, contract, limits, origins
errors.py     why a key or a request of a partner is refused
"""
