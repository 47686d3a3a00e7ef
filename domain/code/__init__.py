"""Statistical codes as reservations (ADR 3)."""
