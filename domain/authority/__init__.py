"""Who may act: roles in jurisdictions, granted to people for a time, and revoked."""
