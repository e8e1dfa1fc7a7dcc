"""Repairing a publiccode.yml: what each key is meant to hold, how a value is mended, what may be filled in."""
