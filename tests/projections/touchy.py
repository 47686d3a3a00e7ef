"""Stands beside touchy.sql; the read model itself is in tally.py."""
