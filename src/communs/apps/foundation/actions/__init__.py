"""Writes of the foundation: one transaction each."""
