"""People: accounts, roles, what a person can export and delete."""
