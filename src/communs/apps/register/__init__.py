"""The register of commons: what they are, how we know, and whether they are commons."""
