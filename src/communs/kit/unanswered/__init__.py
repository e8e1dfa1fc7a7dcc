"""Needs that nobody answers: what was searched for and not found, without knowing by whom, for editors to look at."""
