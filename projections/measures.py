"""The measures matrix: which community pursues which measure of its type's catalogue, and how far.

A measure is pursued in spells: from an adoption to its closing, and perhaps again later.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast, get_args

from domain.kernel.event import Event
from domain.measure.events import (
    MeasureAdopted,
    MeasureCarriedOver,
    MeasureClosed,
    MeasureEntryAnnulled,
    MeasureEvent,
    MeasurePlanned,
    MeasureTasked,
)
from domain.policy import Policy
from projections.engine.projection import Page, Projection
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry

SQL = statements(__file__)


class MeasureSpell(NamedTuple):
    """A measure pursued from its adoption, the entry `version`, until it was closed."""

    measure: str
    version: int
    community: str
    code: str
    type: str
    adopted_on: date
    closed_on: date | None
    closed_by: int | None
    ending: str | None
    closed_for: str | None
    position: int


class MeasurePlan(NamedTuple):
    """How a measure is to be carried out, by whom, until when; of the spell begun by `spell`."""

    measure: str
    version: int
    spell: int
    planned_on: date
    plan: str
    unit: str
    person: str
    due_on: date
    position: int


class MeasureCarry(NamedTuple):
    """That a spell goes on for another type, with the reason."""

    measure: str
    version: int
    spell: int
    carried_on: date
    type: str
    reason: str
    position: int


class Measures(Projection):
    """Measures with their plans and what a reclassification did to them."""

    name = "measures"
    kinds = (MeasureSpell, MeasurePlan, MeasureCarry)
    # What a measure is tasked with is read from the tasks themselves.
    events = cast(
        tuple[type[Event], ...],
        tuple(event for event in get_args(MeasureEvent) if event is not MeasureTasked),
    )
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The measure's rows after this entry."""
        event, at, position = entry.event, entry.version, entry.position
        spells = page.of(MeasureSpell)
        match event:
            case MeasureAdopted():
                stated = (event.community, event.measure, event.type, event.adopted_on)
                spell = MeasureSpell(key, at, *stated, None, None, None, None, position)
                return page.having(MeasureSpell, (*spells, spell))
            case MeasurePlanned():
                told = (event.planned_on, event.plan, event.unit, event.person, event.due_on)
                plan = MeasurePlan(key, at, spells[-1].version, *told, position)
                return page.having(MeasurePlan, (*page.of(MeasurePlan), plan))
            case MeasureCarriedOver():
                why = (event.carried_on, event.type, event.reason)
                carry = MeasureCarry(key, at, spells[-1].version, *why, position)
                return page.having(MeasureCarry, (*page.of(MeasureCarry), carry))
            case MeasureClosed():
                closed = spells[-1]._replace(
                    closed_on=event.closed_on,
                    closed_by=at,
                    ending=event.ending,
                    closed_for=event.reason,
                )
                return page.having(MeasureSpell, (*spells[:-1], closed))
            case MeasureEntryAnnulled(annuls=version):
                return _without(page, version)
            case _:
                raise AssertionError(f"{type(event).__name__} is of no measure")


def _without(page: Page, version: int) -> Page:
    spells = (
        spell._replace(closed_on=None, closed_by=None, ending=None, closed_for=None)
        if spell.closed_by == version
        else spell
        for spell in page.of(MeasureSpell)
        if spell.version != version
    )
    carries = (carry for carry in page.of(MeasureCarry) if carry.version != version)
    return page.having(MeasureSpell, spells).having(MeasureCarry, carries)


class MeasureView(NamedTuple):
    """A measure of a community on the asked day.

    `status` is adopted, planned, under-way (it has tasks) or closed; `unsettled` says that the
    community is of another type by then than the one for which the measure is pursued.
    """

    measure: str
    community: str
    code: str
    type: str
    status: str
    unsettled: bool
    adopted_on: date
    planned_on: date | None
    plan: str | None
    unit: str | None
    person: str | None
    due_on: date | None
    carried_on: date | None
    carried_for: str | None
    closed_on: date | None
    ending: str | None
    closed_for: str | None
    tasks: int
    tasks_open: int
    tasks_closed: int
    position: int


class MatrixRow(NamedTuple):
    """A community with its measures: those of its type's catalogue, in the policy's order, and
    whatever else it pursues. A measure without a line was never taken up."""

    community: str
    community_name: str | None
    code: str | None
    district: str | None
    type: str | None
    catalogue: tuple[str, ...]
    measures: tuple[MeasureView, ...]


def matrix(
    view: View,
    policy: Policy,
    *,
    effective: date,
    community: str | None = None,
    district: str | None = None,
    type: str | None = None,
    unsettled: bool = False,
    after: tuple[str, str] | None = None,
    limit: int = 200,
) -> list[MatrixRow]:
    """The communities of a day by (code, id) with their measures.

    With `unsettled` only those with an open measure of another type than their own.
    """
    rows = view.rows(
        SQL["communities"],
        effective=effective,
        community=community,
        district=district,
        type=type,
        unsettled=unsettled,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    found: dict[str, list[MeasureView]] = {row["community"]: [] for row in rows}
    for each in _measures(view, found, effective=effective):
        found[each.community].append(each)
    return [_matrix_row(row, found[row["community"]], policy) for row in rows]


def _measures(view: View, communities: Iterable[str], *, effective: date) -> list[MeasureView]:
    rows = view.rows(SQL["measures"], communities=list(communities), effective=effective)
    return [MeasureView(**row) for row in rows]


def _matrix_row(row: Mapping[str, Any], found: list[MeasureView], policy: Policy) -> MatrixRow:
    of_type = next((each for each in policy.types if each.code == row["type"]), None)
    catalogue = tuple(measure.code for measure in of_type.measures) if of_type else ()
    places = {code: place for place, code in enumerate(catalogue)}
    found.sort(key=lambda each: (places.get(each.code, len(places)), each.code))
    return MatrixRow(
        row["community"],
        row["community_name"],
        row["code"],
        row["district"],
        row["type"],
        catalogue,
        tuple(found),
    )


class History(NamedTuple):
    """All that is on record of one measure of a community, up to a day."""

    spells: tuple[MeasureSpell, ...]
    plans: tuple[MeasurePlan, ...]
    carries: tuple[MeasureCarry, ...]


def history(view: View, measure: str, *, effective: date) -> History:
    """The spells, plans and carryings over of one measure, in order."""
    asked = {"measure": measure, "effective": effective}
    return History(
        tuple(MeasureSpell(**row) for row in view.rows(SQL["spells"], **asked)),
        tuple(MeasurePlan(**row) for row in view.rows(SQL["plans"], **asked)),
        tuple(MeasureCarry(**row) for row in view.rows(SQL["carries"], **asked)),
    )
