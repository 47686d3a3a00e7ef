"""Chance that is the same each time: every use names what it is about and gets a source of its own.

So a story that is added later changes nothing of what chance did in the others.
"""

from random import Random

SEED = 2021


def chance(*about: object) -> Random:
    """The source of chance for whatever this is about."""
    return Random("/".join(map(str, (SEED, *about))))  # noqa: S311 - it is no secret, it is a story
