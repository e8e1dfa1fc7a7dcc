"""Receipts as PDF files that screen readers can read and archives can keep."""
