"""Reproducible chance: every use names its purpose and gets its own source.

So a story that is added later changes nothing of what chance did in the others.
"""

from random import Random

SEED = 2021


def chance(*about: object) -> Random:
    """The source of chance for this purpose."""
    return Random("/".join(map(str, (SEED, *about))))  # noqa: S311 - it is no secret, it is a story
