"""The append-only record on PostgreSQL: nothing in it is ever changed or removed."""
