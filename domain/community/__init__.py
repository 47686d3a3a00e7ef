"""Communities: identity, lineage, profile."""
