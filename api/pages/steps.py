"""The steps of something that goes one way: what is done, what is next, what is to come."""

from datetime import date
from typing import Literal, NamedTuple

State = Literal["done", "next", "later", "over", "without"]


class Step(NamedTuple):
    """A step; `name` is the key of its word, after `step_`. `over` will not come any more;
    `without` was left out on the way."""

    name: str
    state: State
    day: date | None = None
    number: int | None = None


class Taken(NamedTuple):
    """Whether a step was taken, on which day if that is known, and how many things it has."""

    name: str
    done: bool
    day: date | None = None
    number: int | None = None
    optional: bool = False


def steps_of(*taken: Taken, over: bool = False) -> list[Step]:
    """The steps in order: the first that is neither done nor optional is next, unless it is
    `over`."""
    following = next((each.name for each in taken if not (each.done or each.optional)), None)
    last = max((index for index, each in enumerate(taken) if each.done), default=-1)
    states = (
        "without" if index < last and not each.done else _state(each, following, over)
        for index, each in enumerate(taken)
    )
    return [
        Step(each.name, state, each.day, each.number)
        for each, state in zip(taken, states, strict=True)
    ]


def _state(each: Taken, following: str | None, over: bool) -> State:
    if each.done:
        return "done"
    if over:
        return "over"
    return "next" if each.name == following else "later"
