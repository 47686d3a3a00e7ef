"""The interfaces: HTTP, pages, command line. No rules, no SQL."""
