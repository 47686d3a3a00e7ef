"""The doors: HTTP, pages, command line. No rules, no SQL."""
