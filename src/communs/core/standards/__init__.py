"""Formats of the field, one package a format. Reading is tolerant: what is usable is kept, every fault has a remedy."""
