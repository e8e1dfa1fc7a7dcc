"""Pytest plugins: the database, the browser, the cast of people."""
