"""What operators see of a running router.

    observer.py     begins and ends with each request of a client, and tells the others
    access_log.py   a line of JSON for each operation
    slow_log.py     operations that took too long, with their plan
    metrics.py      counters and histograms for Prometheus
    traces.py       spans for OpenTelemetry
    transport.py    a transport that is watched
    admin.py        the address for operators: /metrics, /health

With all of it off there is no observer, and a request pays for one comparison.
"""
