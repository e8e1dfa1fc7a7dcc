"""Tags of the pages of the foundation."""
