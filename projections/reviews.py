"""The reviews: for each community in each round what every stage recorded, the objections, and the
grade. What people see of them is in review_board.py."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any, LiteralString, NamedTuple, Protocol, cast, get_args

from pydantic_core import to_json

from domain.kernel.event import Event
from domain.review.events import ReviewEvent
from domain.review.standing import Given, Objection, ObjectionStep, Score
from domain.review.state import Review
from projections.engine.days import effective_on
from projections.engine.page import Page
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.seen import Seen
from projections.engine.subjects import Parts, Subjects, begun, differing, held
from record.sql import statements

SQL = statements(__file__)


class Rows(Protocol):
    """What answers statements about reviews: a view, or the reviews of a past day."""

    def rows(self, statement: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of a statement."""


@row(key=("review",), indexes=("round",), scope=lies_in("community", "subdistrict"))
class ReviewLine(NamedTuple):
    """One community in one round. `among` is how many of its type were ranked; `decided` says that
    its grade was decided by itself; `returned_to` names the stage to be done again."""

    review: str
    round: str
    community: str
    type: str
    unit: str
    subdistrict: str
    withdrawn_on: date | None
    returned_to: str | None
    grade: str | None
    rank: int | None
    among: int | None
    total: Decimal | None
    decided: bool
    graded_on: date | None
    position: int


@row(key=("review", "version"), scope=BelongsTo("review"))
class ReviewStep(NamedTuple):
    """The days from one entry of a review until its next on which so many stages were done.

    `stage` is the one that the entry did, on the day that it states. A review goes on from there no
    earlier than its last step: assemblies may be counted again after it was returned to them.
    """

    review: str
    version: int
    stage: str | None
    stated_on: date
    effective_from: date
    effective_until: date | None
    stages_done: int
    withdrawn: bool


@row(key=("review", "stage"), scope=BelongsTo("review"))
class ReviewScore(NamedTuple):
    """What stands of one stage: `detail` is JSON, items with points or the assemblies' votes."""

    review: str
    stage: str
    done_on: date
    by_person: str
    points: Decimal | None
    points_max: int | None
    detail: str
    version: int
    position: int


@row(key=("review", "veto"), scope=BelongsTo("review"))
class ReviewVeto(NamedTuple):
    """A veto that stands."""

    review: str
    veto: str
    imposed_on: date
    reason: str
    version: int
    position: int


@row(key=("review", "objection"), scope=BelongsTo("review"))
class ReviewObjection(NamedTuple):
    """An objection and its outcome, with the version of the entry that states it.

    `corrections` is JSON, the entries that settled it; `ended_on` is the day from which on nothing
    remains to be done about it.
    """

    review: str
    objection: str
    filed_on: date
    filed_by: str
    grounds: str
    became: str | None
    outcome: str | None
    decided_on: date | None
    decided_by: str | None
    reason: str | None
    settled_on: date | None
    settled_by: str | None
    settled_because: str | None
    corrections: str | None
    withdrawn_on: date | None
    withdrawn_because: str | None
    ended_on: date | None
    version: int
    position: int


class Reviews(Subjects):
    """Reviews, each on a page of its own."""

    name = "reviews"
    subject = Review
    kinds = (ReviewLine, ReviewStep, ReviewScore, ReviewVeto, ReviewObjection)
    parts = (Parts(ReviewVeto, "vetoes"),)
    events = cast(tuple[type[Event], ...], get_args(ReviewEvent))
    module_file = __file__

    def state(self, id: str, page: Page) -> Review:
        """The review as far as its rows show it."""
        line = page.row(ReviewLine, id)
        assert line is not None, "a review was opened"
        scores = page.of(ReviewScore)
        return held(
            Review,
            line,
            id=id,
            grade=_given(line),
            scores={s.stage: held(Score, s, by=s.by_person, on=s.done_on) for s in scores},
            vetoes={veto.veto: veto.version for veto in page.of(ReviewVeto)},
            objections={
                row.objection: held(Objection, row, id=row.objection, steps=tuple(_steps(row)))
                for row in page.of(ReviewObjection)
            },
        )

    def show(self, page: Page, before: Review, after: Review, entry: Seen) -> None:
        """The review, of which each entry says something; its stages and objections."""
        line = page.row(ReviewLine, after.id) or begun(ReviewLine, (after.id,), entry)
        page.put(_line(line, after, entry))
        page.put(*_stepped(page.of(ReviewStep), before, after, entry))
        for stage in differing(before.scores, after.scores):
            if stage in after.scores:
                page.put(_score((after.id, stage), after.scores[stage], entry))
            else:
                page.drop(page.row(ReviewScore, after.id, stage))
        for id in differing(before.objections, after.objections):
            page.put(_objection(after.id, after.objections[id], entry))


def _line(line: ReviewLine, state: Review, entry: Seen) -> ReviewLine:
    given = state.grade
    return line._replace(
        type=state.type,
        unit=state.unit,
        subdistrict=state.subdistrict,
        withdrawn_on=state.withdrawn_on,
        returned_to=state.returned_to,
        grade=given.grade if given else None,
        rank=given.rank if given else None,
        among=given.of if given else None,
        total=given.total if given else None,
        decided=given is not None and given.decided,
        graded_on=given.graded_on if given else None,
        position=entry.position,
    )


def _stepped(
    rows: Iterable[ReviewStep], before: Review, after: Review, entry: Seen
) -> list[ReviewStep]:
    """The steps after an entry that adds one, or that corrects the day of one; else none."""
    steps = sorted(rows, key=lambda step: step.version)
    done = [stage for stage in after.scores if stage not in before.scores]
    moved = _moved(before, after)
    if not steps or done or len(before.scores) > len(after.scores) or _left(before, after):
        day = after.scores[done[0]].on if done else effective_on(entry)
        stage = done[0] if done else None
        count, withdrawn = len(after.scores), after.withdrawn
        steps.append(ReviewStep(after.id, entry.version, stage, day, day, None, count, withdrawn))
    elif moved:  # the newest step that did the stage
        newest = {step.stage: step.version for step in steps}
        steps = [
            step._replace(stated_on=moved[step.stage])
            if step.stage in moved and newest[step.stage] == step.version
            else step
            for step in steps
        ]
    else:
        return []
    days = list(accumulate((step.stated_on for step in steps), max))
    return [
        step._replace(effective_from=day, effective_until=until)
        for step, day, until in zip(steps, days, [*days[1:], None], strict=True)
    ]


def _moved(before: Review, after: Review) -> dict[str | None, date]:
    """The stages whose day was corrected, each with its day."""
    both = before.scores.keys() & after.scores.keys()
    days = {stage: (before.scores[stage].on, after.scores[stage].on) for stage in both}
    return {stage: now for stage, (was, now) in days.items() if was != now}


def _left(before: Review, after: Review) -> bool:
    return before.withdrawn != after.withdrawn


def _given(line: ReviewLine) -> Given | None:
    if line.grade is None:
        return None
    return held(Given, line, version=0, of=line.among, decided_by=0 if line.decided else None)


def _score(key: tuple[str, str], score: Score, entry: Seen) -> ReviewScore:
    said = vars(entry.event)
    return ReviewScore(
        *key,
        done_on=score.on,
        by_person=score.by,
        points=said.get("points"),
        points_max=said.get("points_max"),
        detail=_json(score.items or score.assemblies),
        version=score.version,
        position=entry.position,
    )


def _objection(review: str, it: Objection, entry: Seen) -> ReviewObjection:
    steps = {step.became: step for step in it.steps}
    decided = steps.get("upheld") or steps.get("dismissed")
    settled, withdrawn = steps.get("settled"), steps.get("withdrawn")
    corrections = (
        [{"community": id, "version": at} for id, at in settled.rests_on] if settled else None
    )
    return ReviewObjection(
        review=review,
        objection=it.id,
        filed_on=it.filed_on,
        filed_by=it.filed_by,
        grounds=it.grounds,
        became=it.became,
        outcome=decided and decided.became,
        decided_on=decided and decided.on,
        decided_by=decided and decided.by,
        reason=decided and decided.because,
        settled_on=settled and settled.on,
        settled_by=settled and settled.by,
        settled_because=settled and settled.because,
        corrections=None if corrections is None else _json(corrections),
        withdrawn_on=withdrawn and withdrawn.on,
        withdrawn_because=withdrawn and withdrawn.because,
        ended_on=it.ended_on,
        version=entry.version,
        position=entry.position,
    )


def _steps(row: Any) -> Iterator[ObjectionStep]:
    """What became of an objection, as far as its row shows it: not by which entries."""
    if row.outcome:
        yield ObjectionStep(0, row.decided_on, row.outcome, row.decided_by, row.reason)
    if row.settled_on:
        corrections = ((each["community"], each["version"]) for each in json.loads(row.corrections))
        yield ObjectionStep(
            0, row.settled_on, "settled", row.settled_by, row.settled_because, tuple(corrections)
        )
    if row.withdrawn_on:
        yield ObjectionStep(0, row.withdrawn_on, "withdrawn", "", row.withdrawn_because)


def _json(value: Any) -> str:
    return to_json(value).decode()


def lines(view: Rows, round: str) -> list[ReviewLine]:
    """All reviews of a round, in the order of their ids."""
    return [ReviewLine(**row) for row in view.rows(SQL["lines"], round=round)]


def scores(view: Rows, round: str, reviews: Iterable[str] | None = None) -> list[ReviewScore]:
    """What stands of all stages of a round's reviews, or of these."""
    ids = None if reviews is None else list(reviews)
    return [ReviewScore(**row) for row in view.rows(SQL["scores"], round=round, ids=ids)]


def vetoes(view: Rows, round: str) -> list[ReviewVeto]:
    """The vetoes that stand in a round."""
    return [ReviewVeto(**row) for row in view.rows(SQL["vetoes"], round=round)]
