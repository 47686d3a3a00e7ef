"""What differs in a community between two days, in words."""

from collections.abc import Sequence
from typing import NamedTuple

from api.pages.standing import ORDER, Row


class Difference(NamedTuple):
    """A kind of thing that differs: what held only before, and what holds only after."""

    what: str
    before: Sequence[str]
    after: Sequence[str]


def between(before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """The differences in the order of the rows."""
    found = []
    for kind in ORDER:
        was, now = ([each.value for each in rows if each.what == kind] for rows in (before, after))
        gone = [value for value in was if value not in now]
        came = [value for value in now if value not in was]
        if gone or came:
            found.append(Difference(kind, gone, came))
    return found
