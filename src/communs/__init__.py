"""communs: money and public use for what belongs to everyone."""

__version__ = "0.1.0"
