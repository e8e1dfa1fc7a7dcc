"""The one-stop shop: opportunities, and which of them fit a commons."""
