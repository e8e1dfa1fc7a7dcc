"""Pooled money: books, money in, rounds, money out, public accounts. See README.md."""
