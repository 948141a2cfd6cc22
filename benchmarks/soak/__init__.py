"""A router under load for a while, with everything around it going wrong. `python -m benchmarks.soak`."""
