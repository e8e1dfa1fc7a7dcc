"""Filters and tags of the house's templates."""
