"""What people keep in sheets, imported: one mechanism, and a small description for each kind."""
