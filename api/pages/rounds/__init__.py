"""The pages of a round of grading."""
