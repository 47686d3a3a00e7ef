"""The measures matrix: which community pursues which measure of its type's catalogue, and how far.

A measure is pursued in spells: from an adoption to its closing, and perhaps again later.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, assert_never, cast, get_args

from domain.kernel.event import Event
from domain.measure.events import (
    AdoptionEvent,
    MeasureAdopted,
    MeasureCarriedOver,
    MeasureClosed,
    MeasureEntryAnnulled,
    MeasurePlanned,
)
from domain.policy import Policy
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.seen import Seen
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("measure", "version"), indexes=("community",))
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


@row(key=("measure", "version"))
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


@row(key=("measure", "version"))
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
    events = cast(tuple[type[Event], ...], get_args(AdoptionEvent))
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the measure's rows as they are after this entry."""
        event, at, position = cast(AdoptionEvent, entry.event), entry.version, entry.position
        match event:
            case MeasureAdopted():
                page.put(_adopted(key, event, at, position))
            case MeasurePlanned():
                page.put(
                    MeasurePlan(
                        measure=key,
                        version=at,
                        spell=_now(page).version,
                        planned_on=event.planned_on,
                        plan=event.plan,
                        unit=event.unit,
                        person=event.person,
                        due_on=event.due_on,
                        position=position,
                    )
                )
            case MeasureCarriedOver():
                page.put(
                    MeasureCarry(
                        measure=key,
                        version=at,
                        spell=_now(page).version,
                        carried_on=event.carried_on,
                        type=event.type,
                        reason=event.reason,
                        position=position,
                    )
                )
            case MeasureClosed():
                page.put(
                    _now(page)._replace(
                        closed_on=event.closed_on,
                        closed_by=at,
                        ending=event.ending,
                        closed_for=event.reason,
                    )
                )
            case MeasureEntryAnnulled(annuls=version):
                _without(page, version)
            case _:
                assert_never(event)


def _adopted(key: str, event: MeasureAdopted, version: int, position: int) -> MeasureSpell:
    return MeasureSpell(
        measure=key,
        version=version,
        community=event.community,
        code=event.measure,
        type=event.type,
        adopted_on=event.adopted_on,
        closed_on=None,
        closed_by=None,
        ending=None,
        closed_for=None,
        position=position,
    )


def _now(page: Page) -> MeasureSpell:
    return max(page.of(MeasureSpell), key=lambda spell: spell.version)


def _without(page: Page, version: int) -> None:
    for spell in tuple(page.of(MeasureSpell)):
        if spell.version == version:
            page.drop(spell)
        elif spell.closed_by == version:
            page.put(spell._replace(closed_on=None, closed_by=None, ending=None, closed_for=None))
    page.drop(*(c for c in page.of(MeasureCarry) if c.version == version))


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
