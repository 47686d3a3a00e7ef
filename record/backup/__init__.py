"""Backups of a record: one file that can be verified without a database (ADR 22)."""
