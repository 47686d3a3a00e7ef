"""Scoring as one table: a stage of a round for all communities of a subdistrict, item by item.

What is submitted goes the way of a sheet of scores (api/sheets): the rows that are filled in are
recorded as one batch, whole or not at all; the others stay in the table as they were typed.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, NamedTuple
from uuid import uuid4

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.problems import note_lacking
from api.http.kernel.reading import Reading, TheReading, unfit
from api.http.kernel.rendering import page_language
from api.http.kernel.signed_in import require_own_page
from api.http.policies import policy_asked
from api.http.rounds import round_on_record
from api.pages.page import page_router, show
from api.pages.posted import posted
from api.pages.rounds.board import ThePlace, TheType, reviews_of, stages_shown
from api.pages.rounds.results import ANYWHERE
from api.pages.titles import Titles
from api.sheets.carrying import Prepared, SheetRefused, carry_in, prepare, rehearse
from api.sheets.cells import Unfit, number
from api.sheets.directory import directory_of
from api.sheets.reading import read_sheet
from api.sheets.scores import COMMANDS, SCORES
from api.sheets.table import CellProblem, of_the_file
from domain.kernel.ids import RoundId, derive_id
from domain.kernel.refusal import Conflict
from domain.kernel.text import Language
from domain.round.plan import ItemRule, Plan, StageRule
from projections import rounds
from projections.engine.view import ReadModels, View
from projections.review_board import ReviewView
from projections.rounds import RoundView
from record.store.record import Record

router = page_router()

EVIDENCE = "evidence"
FIRST_ROW = 2  # of the sheet, whose first line has the headers
FILE_NAME = "打分表.csv"


Wrong = Mapping[str, Sequence[CellProblem]]  # by community; of the whole sheet under none


class CellShown(NamedTuple):
    """A cell of the table: an item of the community's rubric, what was typed, what is wrong."""

    name: str
    rule: ItemRule
    value: str
    problem: str | None


class RowShown(NamedTuple):
    """A community: its cells, or why it has none. `ready` says that it can be submitted."""

    review: ReviewView
    before: Decimal | None
    done: Decimal | None
    waits: str | None
    cells: Sequence[CellShown | None]
    evidence: str
    total: Decimal | None
    problems: Sequence[str]
    breaks: bool
    ready: bool

    @property
    def typed(self) -> bool:
        """Whether anything is filled in."""
        return any(each and each.value for each in self.cells)


class Table(NamedTuple):
    """The table as it is now."""

    round: RoundView
    plan: Plan
    stage: StageRule
    items: Sequence[ItemRule]
    reviews: Sequence[ReviewView]
    typed: Mapping[str, str]
    key: str


@router.get("/rounds/{round}/scoring")
def open_table(
    round: RoundId,
    reading: TheReading,
    stage: TheType = "",
    subdistrict: ThePlace = "",
) -> HTMLResponse:
    """The table of a stage for one subdistrict, by default one's own."""
    with reading.view() as view:
        table = _table(view, reading, round, stage, subdistrict, {})
        return _page(reading, view, table, {})


@router.post("/rounds/{round}/scoring")
def submit(
    request: Request,
    round: RoundId,
    reading: TheReading,
    typed: Annotated[dict[str, str], Depends(posted)],
    stage: TheType = "",
    subdistrict: ThePlace = "",
) -> HTMLResponse:
    """Check what was typed, or record the communities that are filled in and leave the rest."""
    require_own_page(request)
    by = reading_as(request)
    language = page_language(request)
    record: Record = request.app.state.record
    models: ReadModels = request.app.state.models
    with models.view(after_position=record.head(), scope=reading.scope) as view:
        table = _table(view, reading, round, stage, subdistrict, typed)
        ready = [each for each in _rows(table, {}, language) if each.ready]
        wrong: Wrong = {}
        done: Mapping[str, Decimal] = {}
        position: int | None = None
        if ready:
            prepared = _prepared(table, ready, view, record)
            problems: Sequence[CellProblem] = ()
            try:
                if typed.get("step") == "record":
                    receipt = carry_in(prepared, record, derive_id("sheet", table.key), by)
                    position = receipt.last_position if receipt else None
                    done = {each.review.community: each.total or Decimal() for each in ready}
                else:
                    problems = rehearse(prepared, record, by).problems
            except SheetRefused as refused:
                problems = refused.problems
            except Conflict as moved_on:  # somebody recorded something meanwhile: send it again
                wrong = {"": [of_the_file(moved_on)]}
            if problems:
                note_lacking(request, (each.refusal for each in problems))
                wrong = _by_row(ready, problems)
        if done:
            table = table._replace(key=uuid4().hex)
        page = _page(reading, view, table, wrong, done, position)
    page.status_code = 422 if wrong else 200
    return page


def _table(
    view: View,
    reading: Reading,
    round: str,
    stage: str,
    subdistrict: str,
    typed: Mapping[str, str],
) -> Table:
    """The communities of the subdistrict with the rubrics of the stage."""
    its_round = round_on_record(view, round, reading.effective)
    plan, _ = rounds.plan(view, round)
    scored = [each for each in plan.scored if (each.acts, each.unit) in COMMANDS]
    opened = {w.stage for w in rounds.windows(view, round) if w.closed_on is None}
    if stage and stage not in [each.stage for each in scored]:
        raise unfit("stage", "parameter.unknown-value", value=stage)
    role = reading.by.authority.role
    best = sorted(
        scored, key=lambda e: (e.stage != stage, e.stage not in opened, role not in e.may_act)
    )
    rule = best[0]
    every = [e for e in reviews_of(view, reading, its_round, plan, ANYWHERE) if not e.withdrawn_on]
    own = subdistrict or reading.by.authority.jurisdiction
    there = {each.subdistrict for each in every}
    place = own if own in there or subdistrict else min(there, default="")
    reviews = [each for each in every if each.subdistrict == place]
    rubrics = (item for r in reviews for item in plan.rubric(rule.stage, r.type).items)
    return Table(
        its_round,
        plan,
        rule,
        list({item.item: item for item in rubrics}.values()),
        reviews,
        typed,
        typed.get("key") or uuid4().hex,
    )


def _rows(
    table: Table,
    wrong: Wrong,
    language: Language,
    done: Mapping[str, Decimal] = MappingProxyType({}),
) -> list[RowShown]:
    return [_row(table, each, wrong, language, done) for each in table.reviews]


def _row(
    table: Table,
    review: ReviewView,
    wrong: Wrong,
    language: Language,
    done: Mapping[str, Decimal],
) -> RowShown:
    """A community with what was typed for it; its own problems are those of its cells."""
    id, stage = review.community, table.stage.stage
    given = {each.stage: each for each in review.stages}
    earlier = [given[s.stage] for s in table.plan.scored if s.stage in given and s.stage != stage]
    scores = [each.points for each in earlier if each.points is not None]
    points = done.get(id) or (given[stage].points if stage in given else None)
    open = points is None and review.next_stage == stage
    rules = {each.item: each for each in table.plan.rubric(stage, review.type).items}
    cells = [_cell(table, id, rules.get(e.item), language) if open else None for e in table.items]
    own = [each for each in cells if each]
    full = bool(own) and all(each.value and not each.problem for each in own)
    return RowShown(
        review=review,
        before=scores[-1] if scores else None,
        done=points,
        waits=None if open or points is not None else review.next_stage,
        cells=cells,
        evidence=table.typed.get(f"{id}.{EVIDENCE}", ""),
        total=sum((number(each.value) for each in own), Decimal()) if full else None,
        problems=[each.reason.in_(language) for each in wrong.get(id, ())],
        breaks=any(each.irregular for each in wrong.get(id, ())) or _breaks(table, id),
        ready=full,
    )


def _breaks(table: Table, community: str) -> bool:
    """Whether the last answer said that its score breaks a procedure."""
    return f"{community}.breaks" in table.typed


def _cell(
    table: Table, community: str, rule: ItemRule | None, language: Language
) -> CellShown | None:
    if rule is None:
        return None
    name = f"{community}.{rule.item}"
    value = table.typed.get(name, "").strip()
    problem = None
    if value:
        try:
            points = number(value)
            if not 0 <= points <= rule.points_max or points != round(points, 2):
                raise Unfit("score-sheet.out-of-range", most=rule.points_max)
        except Unfit as unfit:
            problem = unfit.words.in_(language)
    return CellShown(name, rule, value, problem)


def _prepared(table: Table, ready: Sequence[RowShown], view: View, record: Record) -> Prepared:
    """These rows as a sheet of scores, prepared as one that was handed in."""
    text = io.StringIO()
    lines = csv.writer(text)
    items = [each.item for each in table.items]
    lines.writerow(["round", "stage", "community", "scored_on", *items, "evidence", "despite"])
    for row in ready:
        values = [each.value if each else "" for each in row.cells]
        head = [table.round.round, table.stage.stage, row.review.community]
        day = table.typed.get("scored_on", "")
        despite = table.typed.get("despite", "") if row.breaks else ""
        lines.writerow([*head, day, *values, row.evidence, despite])
    directory = directory_of(record, view, None)
    content = text.getvalue().encode()
    return prepare(SCORES, read_sheet(SCORES, content, FILE_NAME, directory), directory, record)


def _by_row(ready: Sequence[RowShown], problems: Sequence[CellProblem]) -> Wrong:
    """The problems under their communities."""
    found: dict[str, list[CellProblem]] = {}
    for each in problems:
        at = (each.row or 0) - FIRST_ROW
        community = ready[at].review.community if 0 <= at < len(ready) else ""
        found.setdefault(community, []).append(each)
    return found


def _page(
    reading: Reading,
    view: View,
    table: Table,
    wrong: Wrong,
    done: Mapping[str, Decimal] = MappingProxyType({}),
    position: int | None = None,
) -> HTMLResponse:
    policy = policy_asked(reading, view)
    language = page_language(reading.request)
    rows = _rows(table, wrong, language, done)
    every = reviews_of(view, reading, table.round, table.plan, ANYWHERE)
    columns = stages_shown(view, reading, table.round, table.plan, table.reviews, policy)
    return show(
        reading,
        view,
        "rounds/scoring.html",
        here="rounds",
        round=table.round,
        stage=table.stage,
        items=table.items,
        rows=rows,
        columns=columns,
        subdistricts=sorted(
            {(e.subdistrict, e.subdistrict_name or t) for e in every if (t := e.subdistrict)},
            key=lambda each: each[1],
        ),
        place=table.reviews[0] if table.reviews else None,
        scored=[e for e in table.plan.scored if (e.acts, e.unit) in COMMANDS],
        ready=sum(each.ready for each in rows),
        partial=[e for e in rows if e.typed and not e.ready],
        blank=[e for e in rows if any(e.cells) and not e.typed],
        scored_on=table.typed.get("scored_on") or reading.today.isoformat(),
        despite=table.typed.get("despite", ""),
        general=[each.reason.in_(language) for each in wrong.get("", ())],
        breaks=any(each.breaks for each in rows),
        wrong=bool(wrong),
        done=done,
        done_position=position,
        key=table.key,
        titles=Titles(policy, language),
    )
