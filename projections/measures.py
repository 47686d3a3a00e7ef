"""The measures matrix: which community pursues which measure of its type's catalogue.

A measure is pursued in spells: from an adoption to its closing, and perhaps again later.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, cast, get_args

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.policy import Policy
from domain.measure.events import AdoptionEvent, Ending
from domain.measure.state import Measure, Pursued, Spell
from projections.engine.page import Page
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.subjects import Parts, Subjects, begun, held
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("measure", "version"), indexes=("community",), scope=lies_in("community"))
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


@row(key=("measure", "version"), scope=BelongsTo("measure"))
class MeasurePlan(NamedTuple):
    """How a measure is to be carried out, by whom, until when; of the spell begun by `spell`."""

    measure: str
    version: int
    spell: int
    planned_on: date
    plan: str
    actions: tuple[str, ...]
    unit: str
    person: str
    due_on: date
    position: int


@row(key=("measure", "version"), scope=BelongsTo("measure"))
class MeasureCarry(NamedTuple):
    """A spell that continues for another type, with the reason."""

    measure: str
    version: int
    spell: int
    carried_on: date
    type: str
    reason: str
    position: int


def _spells(spells: Iterable[Spell]) -> dict[int, Spell]:
    return {spell.version: spell for spell in spells}


def _carries(spells: Iterable[Spell]) -> dict[int, Pursued]:
    return {each.version: each for spell in spells for each in spell.pursued[1:]}


class Measures(Subjects):
    """Measures with their plans and what a reclassification did to them."""

    name = "measures"
    subject = Measure
    kinds = (MeasureSpell, MeasurePlan, MeasureCarry)
    parts = (
        Parts(MeasureSpell, "spells", _spells, lambda state, _: {"code": state.measure}),
        Parts(MeasureCarry, "spells", _carries, lambda state, _: {"spell": state.now.version}),
    )
    # What a measure is tasked with is read from the tasks themselves.
    events = cast(tuple[type[Event], ...], get_args(AdoptionEvent))
    module_file = __file__

    def state(self, id: str, page: Page) -> Measure:
        """The measure as far as its rows show it."""
        rows = tuple(page.of(MeasureSpell))
        pursued = {row.version: [Pursued(row.type, row.adopted_on, row.version)] for row in rows}
        for carry in page.of(MeasureCarry):
            pursued[carry.spell].append(Pursued(carry.type, carry.carried_on, carry.version))
        spells = tuple(held(Spell, row, pursued=tuple(pursued[row.version])) for row in rows)
        return Measure(id=id, community=rows[0].community, measure=rows[0].code, spells=spells)

    def show(self, page: Page, before: Measure, after: Measure, entry: Seen) -> None:
        """The plan that the entry states."""
        if any(version == entry.version for version, _ in after.now.plans):
            page.put(begun(MeasurePlan, (after.id, entry.version), entry, spell=after.now.version))


class MeasureView(Shape):
    """A measure that a community has taken up, on the asked day; it is under way once it has
    tasks."""

    measure: str
    community: str
    community_name: str | None
    code: str
    type: str = Field(description="The type for which it is pursued.")
    status: Literal["adopted", "planned", "under-way", "closed"]
    unsettled: bool = Field(
        description="The community is of another type by then: carry it over or close it."
    )
    adopted_on: date
    planned_on: date | None
    plan: str | None
    actions: tuple[str, ...] = Field(description="The actions that the plan carries out.")
    unit: str | None
    unit_name: str | None
    person: str | None
    person_name: str | None
    due_on: date | None
    carried_on: date | None
    carried_for: str | None
    closed_on: date | None
    ending: Ending | None
    closed_for: str | None
    tasks: int
    tasks_open: int
    tasks_closed: int
    position: int


class MeasureMatrixView(Shape):
    """A community with what it pursues, in the order of its type's catalogue, and then whatever
    else. A measure that was never taken up has no line."""

    community: str
    community_name: str | None
    code: str | None
    district: str | None
    district_name: str | None
    type: str | None
    catalogue: list[str] = Field(description="The measures of its type on the day.")
    measures: list[MeasureView] = Field(description="The measures that it has adopted.")


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
) -> list[MeasureMatrixView]:
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
    return [MeasureView.of(row) for row in rows]


def _matrix_row(
    row: Mapping[str, Any], found: list[MeasureView], policy: Policy
) -> MeasureMatrixView:
    of_type = next((each for each in policy.types if each.code == row["type"]), None)
    catalogue = [measure.code for measure in of_type.measures] if of_type else []
    places = {code: place for place, code in enumerate(catalogue)}
    found.sort(key=lambda each: (places.get(each.code, len(places)), each.code))
    return MeasureMatrixView.of({**row, "catalogue": catalogue, "measures": found})


class SpellView(Shape):
    """A measure pursued from an adoption, the entry `version`, to its closing."""

    version: int
    type: str
    adopted_on: date
    closed_on: date | None
    ending: Ending | None
    closed_for: str | None
    position: int


class PlanView(Shape):
    """A plan; the last of a spell counts."""

    version: int
    spell: int
    planned_on: date
    plan: str
    actions: tuple[str, ...]
    unit: str
    unit_name: str | None
    person: str
    person_name: str | None
    due_on: date
    position: int


class CarryView(Shape):
    """That a measure went on for another type, with the reason."""

    version: int
    spell: int
    carried_on: date
    type: str
    reason: str
    position: int


def spells(view: View, measure: str, *, effective: date) -> list[SpellView]:
    """The spells of one measure that began by a day, in order."""
    rows = view.rows(SQL["spells"], measure=measure, effective=effective)
    return [SpellView.of(row) for row in rows]


def plans(view: View, measure: str, *, effective: date) -> list[PlanView]:
    """The plans of one measure up to a day, in the order in which they were recorded."""
    rows = view.rows(SQL["plans"], measure=measure, effective=effective)
    return [PlanView.of(row) for row in rows]


def carries(view: View, measure: str, *, effective: date) -> list[CarryView]:
    """The carryings over of one measure up to a day, in the order in which they were recorded."""
    rows = view.rows(SQL["carries"], measure=measure, effective=effective)
    return [CarryView.of(row) for row in rows]
