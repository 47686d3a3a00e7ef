"""The figures of the dashboard. Each is defined once, as the lines that it counts. These lines are
either counted or listed, so that a figure and its list cannot differ.

It is above the read models, as `ranking` and `sentences` are: it has no table and joins only
what they publish. What SQL can compute is a section of `figures.sql`. What only the domain can
compute (working days, the cadence of councils, feedback that is due, assessments) is derived by the
functions of `derived.py`, and passed to the same statements as lines.

Cost: all figures are one statement over all sections, each over what exists on the day, and one
more statement for each derivation; a list is one statement and at most one derivation.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, LiteralString, NamedTuple

from msgspec import json

from domain.kernel.policy.calendar_periods import period_of
from domain.task.state import OPEN
from projections.engine.view import View
from projections.figures.derived import Asked, Line
from projections.figures.titles import FIGURES, OUTLIVING, Figure
from record.sql import statements
from record.store.record import CHINA

SQL = statements(__file__)
ENDING_DAYS = 60
RECENT_DAYS = 90
LATE_DAYS = 30
CALENDAR_LAST = date(2099, 12, 31)


class Group(NamedTuple):
    """The lines of a figure that share a value; None for those without one."""

    value: str | None
    lines: int


class Counted(NamedTuple):
    """A figure with its count, and the counts of its groups if it has any."""

    figure: Figure
    lines: int
    groups: tuple[Group, ...]


class FigureLine(NamedTuple):
    """One line that a figure counts, and its place on the requested day.

    `subject` is its stream, `part` the part of it, `day` the relevant day: a deadline, or
    since when. `ordered` and `id` are its place in the list.
    """

    ordered: str
    id: str
    subject: str
    part: str | None
    title: str | None
    community: str | None
    community_name: str | None
    subdistrict: str | None
    subdistrict_name: str | None
    district: str | None
    district_name: str | None
    value: str | None
    day: date | None
    position: int | None


def counts(view: View, asked: Asked) -> list[Counted]:
    """All figures, in their order."""
    derived = _derived(view, asked, FIGURES.values())
    rows = view.rows(_counting(), **_parameters(view, asked, derived))
    found: dict[str, dict[str | None, int]] = defaultdict(dict)
    for row in rows:
        found[row["figure"]][row["value"]] = row["lines"]
    return [_counted(figure, found[code]) for code, figure in FIGURES.items()]


def lines(
    view: View,
    figure: Figure,
    asked: Asked,
    *,
    value: str | None = None,
    without_value: bool = False,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[FigureLine]:
    """The lines of one figure, ordered by (ordered, id), from after `after`.

    `value` selects one group, `without_value` those that have none.
    """
    derived = _derived(view, asked, (figure,))
    rows = view.rows(
        _listing(figure.code),
        **_parameters(view, asked, derived, value=value, without_value=without_value),
        after_ordered=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [FigureLine(**row) for row in rows]


def _counted(figure: Figure, found: Mapping[str | None, int]) -> Counted:
    groups = (Group(value, found[value]) for value in sorted(found, key=lambda v: (v is None, v)))
    return Counted(figure, sum(found.values()), tuple(groups) if figure.by else ())


def _derived(view: View, asked: Asked, found: Iterable[Figure]) -> list[Line]:
    """The lines that these figures derive; calendars are counted only up to the last day."""
    asked = asked._replace(effective=min(asked.effective, CALENDAR_LAST))
    derivations = dict.fromkeys(each.derived for each in found if each.derived is not None)
    return [line for derive in derivations for line in derive(view, asked)]


@cache
def _counting() -> LiteralString:
    every = [_lines_of(code) for code, figure in FIGURES.items() if not figure.derived]
    return _filled("count", "\nunion all\n".join((*every, SQL["derived"])))


@cache
def _listing(code: str) -> LiteralString:
    return _filled("page", _lines_of(code))


def _lines_of(code: str) -> str:
    if FIGURES[code].derived:
        return f"{SQL['derived']}\nwhere figure = '{code}'"
    section = SQL[code.replace("-", "_")]
    return SQL["named"].replace("{lines}", section).replace("{figure}", f"'{code}'")


def _filled(face: str, lines: str) -> LiteralString:
    """One of the two statements over these lines; all of it comes from our own source tree."""
    placed = SQL["placed"].replace("{lines}", lines)
    return SQL[face].replace("{placed}", placed)


def _parameters(
    view: View,
    asked: Asked,
    derived: list[Line],
    *,
    value: str | None = None,
    without_value: bool = False,
) -> dict[str, Any]:
    day = asked.effective
    begin = datetime.combine(max(day, date.min + timedelta(RECENT_DAYS)), time(), CHINA)
    end = datetime.combine(day, time.max, CHINA)
    recent = view.row(SQL["recent"], since=begin - timedelta(days=RECENT_DAYS), until=end)
    assert recent is not None
    return {
        "effective": day,
        "jurisdiction": asked.jurisdiction,
        "community": asked.community,
        "value": value,
        "without_value": without_value,
        "supported": [grade.code for grade in asked.policy.grades if grade.supported],
        "statuses": list(OPEN),
        "outliving": list(OUTLIVING),
        "quarter_from": period_of(day, "quarter"),
        "ending_until": min(day, date.max - timedelta(ENDING_DAYS)) + timedelta(ENDING_DAYS),
        "late_days": LATE_DAYS,
        **recent,  # since and until
        "derived": json.encode([line._asdict() for line in derived]).decode(),
    }
