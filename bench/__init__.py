"""Repeatable measurements, each beside a named peer."""
