"""What every subject of the domain is built on, and what imports no subject."""
