"""Offices and organisations as of any day: what they are called, of which kind they are, and where
they belong, themselves or through their superiors."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field

from domain.kernel.ids import UnitId, id_of, kind_of
from domain.unit.events import UnitEvent
from domain.unit.state import Unit
from projections.engine.periods import AttributeChange, Periods, names_on
from projections.engine.row import Bytewise, row
from projections.engine.scope import public
from projections.engine.shape import Shape
from projections.engine.view import View
from projections.pinyin import initials
from record.sql import statements

SQL = statements(__file__)

UnitStatus = Literal["active", "merged", "dissolved"]

ATTRIBUTES: Mapping[str, str] = {
    "status": "standing",
    "name": "names",
    "initials": "names",
    "unit_kind": "kinds",
    "jurisdiction": "places",
    "superior": "places",
    "credit_code": "codes",
    "successor": "successors",
}


@row(
    key=("unit", "effective_from"),
    indexes=("superior", "jurisdiction", "credit_code where credit_code is not null"),
    scope=public("unit"),
)
class UnitLine(NamedTuple):
    """What a unit was over a stretch of days on which nothing about it changed."""

    unit: str
    effective_from: date
    effective_until: date | None
    status: str
    name: Bytewise
    initials: tuple[str, ...]
    unit_kind: str
    jurisdiction: str | None
    superior: str | None
    credit_code: str | None
    successor: str | None


@row(key=("subject", "attribute", "version"), scope=public("unit"))
class UnitChange(AttributeChange):
    """A change of one attribute of a unit."""

    __slots__ = ()


class Units(Periods):
    """The register of units, bitemporal."""

    name = "units"
    subject = Unit
    line = UnitLine
    change = UnitChange
    kinds = (UnitLine, UnitChange)
    attributes = ATTRIBUTES
    stated = ("standing", "names", "kinds", "places", "codes", "successors")
    events = get_args(UnitEvent)
    module_file = __file__

    def shown(self, column: str, value: Any) -> Any:
        """The place by what it is, initials for a name; everything else as it is."""
        match column:
            case "jurisdiction":
                return id_of(value) if value and kind_of(value) == "jurisdiction" else None
            case "superior":
                return id_of(value) if value and kind_of(value) == "unit" else None
            case "initials":
                return initials(value)
        return value


class UnitView(Shape):
    """A unit as of the requested day, with the names of its place on that day."""

    unit: UnitId
    name: str
    status: UnitStatus
    unit_kind: str
    credit_code: str | None
    superior: str | None
    superior_name: str | None
    jurisdiction: str | None = Field(
        description="Where it belongs, itself or through its superiors."
    )
    jurisdiction_name: str | None
    successor: str | None = Field(description="What it was merged into, or what took over.")
    successor_name: str | None
    effective_from: date = Field(description="The first day of this state.")
    effective_until: date | None = Field(description="The first day of the next state.")


class UnitPeriodView(Shape):
    """What a unit was over a stretch of days on which nothing about it changed."""

    unit: UnitId
    effective_from: date
    effective_until: date | None
    status: UnitStatus
    name: str
    unit_kind: str
    jurisdiction: str | None
    jurisdiction_name: str | None = Field(description="On the period's first day.")
    superior: str | None
    superior_name: str | None = Field(description="On the period's first day.")
    credit_code: str | None
    successor: str | None


class UnitFilter(NamedTuple):
    """The filters of a list of units.

    `within`: in this jurisdiction or one below it. `q`: a part of the name, its pinyin initials, or
    a unified social credit code.
    """

    status: str | None = "active"
    unit_kind: str | None = None
    jurisdiction: str | None = None
    within: str | None = None
    superior: str | None = None
    q: str | None = None


EVERY = UnitFilter()


def units(
    view: View,
    *,
    effective: date,
    where: UnitFilter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[UnitView]:
    """Units on a day, ordered by (name, id), from after `after`."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        after_name=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    return [UnitView.of(row) for row in rows]


def unit(view: View, id: str, *, effective: date) -> UnitView | None:
    """One unit on a day, whether or not it still exists; None if it did not exist yet."""
    row = view.row(SQL["one"], unit=id, effective=effective)
    return UnitView.of(row) if row else None


def periods(view: View, id: str) -> list[UnitPeriodView]:
    """All periods of one unit, in order."""
    return [UnitPeriodView.of(row) for row in view.rows(SQL["periods"], unit=id)]


def names(view: View, asked: Iterable[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """The names of units on days, by (id, day); unknown ones are left out.

    For a day before its beginning, a unit has its first name.
    """
    asked = set(asked)
    if not asked:
        return {}
    rows = view.rows(SQL["names"], ids=sorted({id for id, _ in asked}))
    return names_on([(r["unit"], r["effective_from"], r["name"]) for r in rows], asked)
