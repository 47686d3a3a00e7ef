"""The leader's overview: figures that lead to their lists, and the list of each figure."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.dashboard import FigureLineView, list_figure, list_milestones
from api.http.kernel.founded import founded
from api.http.kernel.reading import Reading, TheKey, TheReading
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.page import LINES_MAX, page_router, show
from api.pages.subjects import page_of
from api.pages.titles import Titles
from domain.kernel.ids import SLUG_PATTERN, JurisdictionId
from domain.kernel.policy import Policy
from projections import councils, grade_board, organisation, places, tasks
from projections.engine.view import View
from projections.figures import figures
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from projections.grade_board import GradeView

router = page_router()

# What a leader has to ask about, in one sentence.
CONCERNS = (
    "supports-lacking",
    "tasks-overdue",
    "tasks-behind",
    "councils-lacking",
    "objections-waiting",
)
YEARS_SHOWN = 2


class Cell(NamedTuple):
    """How many communities have each grade, best first; `most` is the largest sum of all cells."""

    counts: tuple[int, ...]
    total: int


class Tally(NamedTuple):
    """A unit's open tasks, and by how many working days its oldest is late."""

    unit: str
    name: str | None
    overdue: int
    behind: int
    open: int
    days: int


@router.get("/overview")
def overview(request: Request, reading: TheReading) -> HTMLResponse:
    """The whole city in a minute: every figure leads to its list."""
    milestones = list_milestones(reading)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        asked = Asked(policy, reading.effective)
        counted = view.once(("counts", asked), lambda: figures.counts(view, asked))
        codes = [each.code for each in policy.grades]
        now = grade_board.grades(view, effective=reading.effective)
        last = max((each.effective_from for each in now), default=None)
        before = grade_board.grades(view, effective=last - timedelta(days=1)) if last else []
        return show(
            reading,
            view,
            "overview.html",
            here="overview",
            count_of={each.figure.code: each.lines for each in counted},
            by_grade={
                g.value: g.lines for e in counted if e.figure.code == "graded" for g in e.groups
            },
            concerns=sorted(
                (each for each in counted if each.figure.code in CONCERNS and each.lines),
                key=lambda each: CONCERNS.index(each.figure.code),
            ),
            codes=codes,
            published_on=last,
            districts=_districts(view, reading, founded(request).city),
            matrix=_matrix(now, codes),
            moves=_moves(before, now, codes),
            moved_from=max((each.effective_from for each in before), default=None),
            tallies=_tallies(view, reading, policy),
            missed=_missed(view, reading.effective),
            milestones=milestones.items,
            titles=Titles(policy, page_language(request)),
        )


@router.get("/figures/{figure}")
def figure_list(
    request: Request,
    figure: Annotated[str, Path(pattern=SLUG_PATTERN, max_length=64)],
    reading: TheReading,
    key: TheKey,
    jurisdiction: Annotated[JurisdictionId | None, Query()] = None,
    value: Annotated[str | None, Query(pattern=SLUG_PATTERN, max_length=64)] = None,
) -> HTMLResponse:
    """The lines that a figure counts."""
    found = list_figure(figure, reading, key, jurisdiction, None, value, limit=LINES_MAX)
    with reading.view() as view:
        titles = Titles(policy_asked(reading, view), page_language(request))
        place = f"jurisdiction:{jurisdiction}"
        return show(
            reading,
            view,
            "figure.html",
            here="overview",
            figure=FIGURES[figure],
            jurisdiction=jurisdiction,
            value_asked=value,
            place=places.names(view, [place]).get(place) if jurisdiction else None,
            value=value and titles.value_of(FIGURES[figure].by, value),
            lines=[(each, _address(each)) for each in found.items],
            titles=titles,
            paging={
                "first_page": reading.address(cursor=None) if key else None,
                "next_page": reading.address(cursor=found.next) if found.next else None,
            },
        )


def _address(line: FigureLineView) -> str | None:
    """The page of a line: of its subject, its community or its entry."""
    if page := page_of(line.subject).address:
        return page
    if line.community:
        return f"/communities/{line.community}"
    return f"/entries/{line.position}" if line.position else None


def _districts(view: View, reading: Reading, city: str | None) -> list[tuple[str, str]]:
    found = organisation.jurisdictions(
        view, effective=reading.effective, parent=city, limit=LINES_MAX
    )
    return [(each.jurisdiction, each.name) for each in sorted(found, key=lambda e: e.code or "")]


def _matrix(found: list[GradeView], codes: list[str]) -> Mapping[tuple[str, str], Cell]:
    """Grades by type and district; an empty string stands for all."""
    counts = Counter(
        (type, unit, each.grade)
        for each in found
        for type in (each.type, "")
        for unit in (each.unit, "")
    )
    places_of = {(type, unit) for type, unit, _ in counts}
    return {
        place: Cell(numbers := tuple(counts[(*place, code)] for code in codes), sum(numbers))
        for place in places_of
    }


def _moves(
    before: list[GradeView], now: list[GradeView], codes: list[str]
) -> list[tuple[str | None, list[int]]]:
    """From each grade of the round before to each of the last: the numbers of communities."""
    was = {each.community: each.grade for each in before}
    counts = Counter((was.get(each.community), each.grade) for each in now)
    return [(code, [counts[code, to] for to in codes]) for code in (*codes, None)]


def _tallies(view: View, reading: Reading, policy: Policy) -> list[Tally]:
    """The units with tasks overdue or behind, the latest first."""
    return view.once(
        ("tallies", policy.version, reading.effective),
        lambda: _tallied(view, policy, reading.effective),
    )


def _tallied(view: View, policy: Policy, day: date) -> list[Tally]:
    found = tasks.by_unit(view, policy, effective=day)
    late = tasks.tasks(
        view,
        policy,
        effective=day,
        where=tasks.Filter(light="overdue"),
        limit=1_000,
    )
    oldest: dict[str, int] = {}
    for each in late:
        oldest[each.unit] = max(oldest.get(each.unit, 0), -(each.light.days or 0))
    concerning = [each for each in found if each.overdue or each.behind]
    names = places.names(view, [f"unit:{each.unit}" for each in concerning])
    shown = [
        Tally(
            each.unit,
            names.get(f"unit:{each.unit}"),
            each.overdue,
            each.behind,
            each.open,
            oldest.get(each.unit, 0),
        )
        for each in concerning
    ]
    return sorted(shown, key=lambda each: (-each.overdue, -each.days, -each.behind))


def _missed(view: View, day: date) -> list[tuple[int, list[int | None]]]:
    """The periods that councils missed, by year and quarter; None for quarters not over."""

    def read() -> Counter[tuple[int, int]]:
        periods = (due.period_from for _, due in councils.missed(view, effective=day))
        return Counter((each.year, (each.month - 1) // 3) for each in periods)

    found: Counter[tuple[int, int]] = view.once(("missed-quarters", day), read)
    this = (day.year, (day.month - 1) // 3)
    return [
        (year, [None if (year, q) >= this else found[year, q] for q in range(4)])
        for year in range(day.year - YEARS_SHOWN + 1, day.year + 1)
    ]
