"""Communities: identity, lineage, profile, classification."""
