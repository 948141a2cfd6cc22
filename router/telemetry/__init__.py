"""What operators see of a running router.

    observer.py     begins and ends with each request of a client, and tells the others
    access_log.py   a line of JSON for each operation
    slow_log.py     operations that took too long, with their plan
    metrics.py      counters and histograms for Prometheus
    field_usage.py  which fields are used by whom, and usage_report.py what was counted
    otlp_metrics.py the same metrics for a collector
    traces.py       spans for OpenTelemetry
    transport.py    a transport that is watched

With all of it off there is no observer, and a request pays for one comparison.
"""
