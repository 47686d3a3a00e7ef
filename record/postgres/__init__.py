"""The embedded PostgreSQL and its data directory."""
