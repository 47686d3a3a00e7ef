"""What a community is on a day, row by row: each value with since when, by whom and on what."""

from collections.abc import Sequence
from typing import NamedTuple

from api.pages.recorded import Recorder, recorders
from api.pages.subjects import page_of
from api.pages.titles import Titles
from domain.kernel.context import Document
from projections import places, timeline
from projections.engine.view import View
from projections.present import PresentView, StandingView

# The order of the rows; what is not named here has its own place on the page.
ORDER = (
    "status",
    "type",
    "subtype",
    "features",
    "grade",
    "subdistrict",
    "measure",
    "task",
    "council",
    "partnership",
    "check-in",
    "support",
    "supporter",
    "exemplar",
)
ROWS_OF_A_KIND_MAX = 6


class Row(NamedTuple):
    """One value. `more` is how many further ones of its kind are not shown; `by` is None if its
    entry is not in the reader's scope."""

    what: str
    value: str
    code: str | None
    note: str | None
    address: str | None
    since: str
    by: Recorder | None
    basis: Sequence[Document]
    position: int
    more: int


def standing(
    view: View, now: PresentView, titles: Titles, most: int = ROWS_OF_A_KIND_MAX
) -> list[Row]:
    """The rows of a community's present, at `most` so many of a kind."""
    items = sorted(
        (each for each in now.items if each.what in ORDER), key=lambda e: ORDER.index(e.what)
    )
    by = recorders(view, timeline.at(view, sorted({each.position for each in items})))
    streams = {f"person:{e.person}" for e in items if e.person}
    streams |= {f"unit:{e.unit}" for e in items if e.unit}
    names = places.names(view, sorted(streams))
    rows: list[Row] = []
    for kind in ORDER:
        found = [each for each in items if each.what == kind]
        shown = found[:most]
        for each in shown:
            more = len(found) - len(shown) if each is shown[-1] else 0
            rows.append(_row(each, now, titles, names, by.get(each.position), more))
    return rows


def _row(
    each: StandingView,
    now: PresentView,
    titles: Titles,
    names: dict[str, str],
    by: Recorder | None,
    more: int,
) -> Row:
    value, note = _said(each, now, titles)
    people = (names.get(f"person:{each.person}"), names.get(f"unit:{each.unit}", each.unit))
    responsible = " · ".join(part for part in people if part)
    if each.what in ("task", "partnership", "check-in", "supporter") and responsible:
        note = " · ".join(part for part in (note, responsible) if part)
    page = page_of(each.subject).address or None
    return Row(
        what=each.what,
        value=value,
        code=each.value if each.what in ("grade", "status") else None,
        note=note,
        address=page if not each.subject.startswith("community:") else None,
        since=each.since.isoformat(),
        by=by,
        basis=each.basis,
        position=each.position,
        more=more,
    )


def _said(each: StandingView, now: PresentView, titles: Titles) -> tuple[str, str | None]:
    """A value in words, and what qualifies it."""
    match each.what:
        case "grade":
            return titles.grade(each.value), None
        case "measure":
            return titles.term("measure", each.part), titles.type(each.value)
        case "task":
            return each.title or "", titles.task_status(each.value)
        case "council":
            return each.title or titles.term("council", each.value), None
        case "check-in":
            return each.title or "", titles.term("participant", each.value)
        case "support":
            return each.title or titles.grade(each.value), None
        case "supporter":
            return titles.term("support", each.value), None
        case "partnership" | "exemplar":
            return each.title or "", None
    return titles.value(each.what, each.value, now.registered), None
