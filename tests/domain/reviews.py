"""A review at each of its stages, for the tests of its rules."""

from typing import Any

from domain.kernel.command import Command
from tests.domain.given import Given
from tests.domain.rounds import (
    act,
    assessed,
    first,
    opened,
    review,
    second,
    votes,
)

A = review("a")
KEYS: dict[str, Any] = {"round": "r", "community": "a"}
ORDER: tuple[Command[Any], ...] = (votes(), assessed(), first(), second())


def done(stages: int) -> Given:
    """The review of `a` with so many stages done."""
    stands = opened("a")
    for command in ORDER[:stages]:
        stands = act(stands, A, command)
    return stands
