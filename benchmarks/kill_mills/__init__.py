"""A foundation at work over HTTP, whose processes are killed at random moments: for `benchmarks/kill_money.py`."""
