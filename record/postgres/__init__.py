"""The embedded PostgreSQL, and the directory that it lives in."""
