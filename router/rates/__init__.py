"""How often clients may ask: limits by GCRA, in Redis for all routers together or in this process.

    gcra      one client under one limit, in memory
    script    the same in Redis, atomic
    shared    Redis, and memory while it is away
    limits    which clients share a limit; the error with `Retry-After`

`count` may come at once, then one more each `seconds / count`. While Redis is away every router counts for
itself: a limit then lets through at most as much at each router, and never everything.
"""
