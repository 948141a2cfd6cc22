"""What operators see of a subgraph's process: metrics for Prometheus, spans for OpenTelemetry.

    watch.py      told of each operation, its resolvers and its statements
    metrics.py    counters and histograms, and what is asked of the stores when somebody reads them
    traces.py     spans: the operation, its resolvers, their statements

    router: fetch users ──traceparent──► users ── Query.me ── SELECT

Without either, a request pays for a comparison, and so does each field and each statement.
"""
