"""Allocation: who gets the money of a pot, decided from ballots by published rules, exactly. See README.md."""
