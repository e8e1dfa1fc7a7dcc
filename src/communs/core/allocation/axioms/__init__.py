"""Fairness of a result, whatever rule it comes from, decided in polynomial time. See docs/rules/fairness-checks.md."""
