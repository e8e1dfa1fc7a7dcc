"""The invariants of rule ledger-1, by name. See docs/rules/ledger.md."""
