"""The HTTP API, with a file for each subject."""
