"""Records made of claims: every value has a source and a date, nothing is overwritten, everything can be reverted."""
