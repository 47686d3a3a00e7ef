"""Grading: what a round does with its reviews. It knows both; neither knows it."""
