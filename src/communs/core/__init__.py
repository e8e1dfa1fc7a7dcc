"""Plain Python: facts in, answers out. No Django, no clock, no randomness, no input or output of its own."""
