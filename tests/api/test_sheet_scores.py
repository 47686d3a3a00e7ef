"""A sheet of scores is read by the rules of its round, also when the round is over and the policy
has other rubrics by then."""

from typing import Any

import pytest

from api.sheets.appraisals import APPRAISALS
from api.sheets.cells import Unfit
from api.sheets.directory import Directory
from api.sheets.scores import SCORES
from api.sheets.sheet import Row
from domain.kernel.command import Command
from domain.kernel.policy import Policy
from domain.kernel.text import Bilingual
from projections import rounds
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.city import acting
from tests.domain.given import POLICY, TODAY, day
from tests.domain.rounds import CLOSE, DISTRICT, ROUND, points, review
from tests.projections.round_year import WHO, published


def later(**stated: Any) -> Policy:
    """A policy whose rubrics have items of other codes, and with what is stated of them."""
    rubrics = tuple(
        rubric.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"code": f"later-{item.code}", **stated})
                    for item in rubric.items
                )
            }
        )
        for rubric in POLICY.rounds.rubrics
    )
    return POLICY.model_copy(
        update={"rounds": POLICY.rounds.model_copy(update={"rubrics": rubrics})}
    )


@pytest.fixture
def closed(record: Record) -> Record:
    """A round that is over, with one community that got 90 per cent in every stage."""

    def ask(stream: str, command: Command[Any]) -> int:
        who = WHO.get(type(command).__name__, ("arbiter", "arb", "city"))
        return record.carry_out(stream, command, by=acting(*who)).last_position

    published(ask, a=90)
    ask(ROUND, CLOSE)
    catch_up(record.url, PROJECTIONS)
    return record


def outcome(record: Record, directory: Directory, **stated: Any) -> list[Any]:
    """What a row comes to that says what is on record, but for what is stated."""
    (line,) = rounds.rounds(directory.view)
    scored = {item.item: item.points for item in points(90)}
    row = {"round": line, "stage": DISTRICT, "scored_on": day("2023-08-10"), **scored, **stated}
    return [*SCORES.plan(Row(2, row), record.state(review("a")), directory)]


def test_scores_of_a_round_that_is_over_are_once_also_twice(
    closed: Record, models: ReadModels
) -> None:
    with models.view() as view:
        directory = Directory(
            closed, view, later(title=Bilingual(zh="另一项", en="another")), TODAY
        )

        headed = {column.name for column in SCORES.columns(directory)}
        assert {item.item for item in points(90)} < headed
        assert outcome(closed, directory) == []


def test_what_is_on_record_otherwise_is_told_by_the_titles_of_its_own_round(
    closed: Record, models: ReadModels
) -> None:
    with models.view() as view:
        directory = Directory(closed, view, later(), TODAY)
        told = outcome(closed, directory, evidence="台账")
        code = "score-sheet.no-evidence"
        assert [(each.column, each.code) for each in told] == [("evidence", code)] * len(points(90))
        titles = {column.title.zh for column in SCORES.columns(directory)}
        assert len(titles) == len(SCORES.columns(directory))


def test_what_a_round_has_no_use_for_is_told(closed: Record, models: ReadModels) -> None:
    with models.view() as view:
        directory = Directory(closed, view, later(), TODAY)
        item = f"later-{points(90)[0].item}"
        (of_scores,) = outcome(closed, directory, **{item: 1})
        (line,) = rounds.rounds(view)
        row = Row(2, {"round": line, "elsewhere.members": 60})
        of_votes = [*APPRAISALS.plan(row, closed.state(review("a")), directory)]

    assert (of_scores.column, of_scores.code) == (item, "score-sheet.not-in-rubric")
    told = {each.column: each.code for each in of_votes if isinstance(each, Unfit)}
    assert told.pop("elsewhere.members") == "appraisal-sheet.not-in-round"
    assert {*told.values()} == {"appraisal-sheet.needed", "appraisal-sheet.recorded-otherwise"}
