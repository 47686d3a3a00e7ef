"""Figures of the whole city, milestones, statistics."""
