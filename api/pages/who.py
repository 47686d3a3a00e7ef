"""Who looks at a page, and may therefore act on it."""

from typing import NamedTuple

from domain.kernel.context import ROLES, Acting
from domain.kernel.text import Language
from projections import places
from projections.engine.view import View


class Who(NamedTuple):
    """The person in the top bar."""

    name: str
    unit: str
    role: str


def who(view: View, by: Acting | None, language: Language) -> Who | None:
    """The person with the names of the day, never a login."""
    if by is None:
        return None
    person, unit = f"person:{by.actor.person}", f"unit:{by.actor.unit}"
    names = places.names(view, [person, unit])
    role = ROLES[by.authority.role].in_(language)
    if person in names:
        return Who(names[person], names.get(unit, ""), role)
    return Who(names.get(unit, ""), "", role)
