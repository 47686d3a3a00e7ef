"""Exemplars (先进典型) of a type of community (四(三)): nominated, designated, withdrawn."""
