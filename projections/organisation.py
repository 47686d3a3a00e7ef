"""The organisation tree as of any day: city, districts, parks, subdistricts and towns."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, get_args

from pydantic import Field

from domain.jurisdiction.events import JurisdictionEvent
from domain.jurisdiction.levels import Level, tier
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.ids import JurisdictionId
from domain.kernel.lifetime import Lifetime
from projections.engine.periods import AttributeChange, Periods, names_on, state_of
from projections.engine.row import row
from projections.engine.scope import public
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)

ATTRIBUTES: Mapping[str, str] = {
    "status": "standing",
    "level": "levels",
    "name": "names",
    "code": "codes",
    "parent": "parents",
    "seat_town": "seat_towns",
}


@row(key=("jurisdiction", "effective_from"), indexes=("parent",), scope=public("jurisdiction"))
class JurisdictionLine(NamedTuple):
    """What a jurisdiction was over a stretch of days on which nothing about it changed."""

    jurisdiction: str
    effective_from: date
    effective_until: date | None
    status: str
    level: str
    name: str
    code: str | None
    parent: str | None
    seat_town: str | None


@row(key=("subject", "attribute", "version"), scope=public("jurisdiction"))
class JurisdictionChange(AttributeChange):
    """A change of one attribute of a jurisdiction."""

    __slots__ = ()


class Organisation(Periods):
    """The organisation tree, bitemporal."""

    name = "organisation"
    subject = Jurisdiction
    line = JurisdictionLine
    change = JurisdictionChange
    kinds = (JurisdictionLine, JurisdictionChange)
    attributes = ATTRIBUTES
    stated = tuple(ATTRIBUTES.values())
    events = get_args(JurisdictionEvent)
    module_file = __file__


class JurisdictionView(Shape):
    """A jurisdiction as of the requested day."""

    jurisdiction: JurisdictionId
    level: Level
    code: str | None
    name: str
    status: Lifetime
    parent: str | None
    parent_name: str | None
    seat_town: str | None
    effective_from: date = Field(description="The first day of this state.")
    effective_until: date | None = Field(description="The first day of the next state.")

    @property
    def tier(self) -> int:
        """0 for the city, 1 for districts, counties and parks, 2 for subdistricts and towns."""
        return tier(self.level)


class JurisdictionPeriodView(Shape):
    """What a jurisdiction was over a stretch of days on which nothing about it changed."""

    jurisdiction: JurisdictionId
    effective_from: date
    effective_until: date | None
    status: Lifetime
    level: Level
    name: str
    code: str | None
    parent: str | None
    parent_name: str | None = Field(description="On the period's first day.")
    seat_town: str | None


def jurisdictions(
    view: View,
    *,
    effective: date,
    level: str | None = None,
    parent: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
    status: str | None = "active",
) -> list[JurisdictionView]:
    """Jurisdictions on a day, ordered by (code, id), from after `after`."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        level=level,
        parent=parent,
        status=status,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [JurisdictionView.of(row) for row in rows]


def jurisdiction(view: View, id: str, *, effective: date) -> JurisdictionView | None:
    """One jurisdiction on a day, whether or not it still exists; None if it did not exist yet."""
    row = view.row(SQL["one"], jurisdiction=id, effective=effective)
    return JurisdictionView.of(row) if row else None


def periods(view: View, id: str) -> list[JurisdictionPeriodView]:
    """All periods of one jurisdiction, in order."""
    return [JurisdictionPeriodView.of(row) for row in view.rows(SQL["periods"], jurisdiction=id)]


def states(view: View) -> list[Jurisdiction]:
    """The states of all jurisdictions on record, in order of id."""
    rows = (JurisdictionChange(**row) for row in view.rows(SQL["changes"]))
    by_subject = groupby(rows, attrgetter("subject"))
    return [state_of(Jurisdiction(id=id), tuple(changes)) for id, changes in by_subject]


def names(view: View, asked: Iterable[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """The names of jurisdictions on days, by (id, day); unknown ones are left out.

    For a day before its beginning, a jurisdiction has its first name.
    """
    asked = set(asked)
    if not asked:
        return {}
    rows = view.rows(SQL["names"], ids=sorted({id for id, _ in asked}))
    return names_on([(r["jurisdiction"], r["effective_from"], r["name"]) for r in rows], asked)
