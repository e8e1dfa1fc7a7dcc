"""What every app shares in Django: claims with provenance, gates, facets, paging, texts in many languages."""
