"""What other subjects say of offices and officials: they name those on the registers.

Whether an official holds a post in the office is not asked: posts are recorded after the fact.
"""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from domain.kernel.context import DecisionContext
from domain.kernel.ids import id_of, kind_of
from domain.kernel.named import streams_named
from domain.person.state import Person
from domain.unit.state import Unit


def offices_named(stated: BaseModel) -> Iterator[str]:
    """The streams of the units and persons that the fields of a command or an event name."""
    return streams_named(stated, "unit", "person")


def require_offices(stated: BaseModel, day: date, context: DecisionContext) -> None:
    """Refused unless each unit that the fields name exists on the day, and each person is on
    record. The command consults them."""
    for stream in offices_named(stated):
        if kind_of(stream) == "unit":
            context.state(Unit, id_of(stream)).require_existing_on(day)
        else:
            context.state(Person, id_of(stream)).require_registered()
