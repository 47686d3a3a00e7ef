"""The same thing recorded by two officials at the same moment: one wins, in a batch as well."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.batch.receiving import ReceiveBatch
from domain.checkin.presence import RecordCheckIn
from domain.checkin.service import RecordService
from domain.honour.board import PostOnBoard
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.refusal import Conflict, Refused
from record.store.batch import BatchRefused, BatchStep
from record.store.record import Record
from tests.city import LI, acting, enrol, register
from tests.domain.given import POLICY, day

CHECK_IN = RecordCheckIn(
    community="a",
    participant="member",
    unit="bureau",
    person="zhao",
    checked_in_on=day("2023-02-10"),
)
POST = PostOnBoard(
    community="a",
    board=POLICY.honours.boards[0].code,
    conduct="义务清理楼道",
    posted_on=day("2023-05-01"),
)


@pytest.fixture
def other(record: Record) -> Iterator[Record]:
    """Another process's record, as it were: the same database, nothing shared."""
    with Record(record.url) as other:
        yield other


@pytest.fixture
def standing(record: Record) -> Record:
    """The record with the community on it."""
    record.carry_out("community:a", register(), by=LI)
    enrol(record, CHECK_IN)
    return record


def test_of_two_officials_who_record_the_same_one_is_told_what_the_other_recorded(
    standing: Record, other: Record
) -> None:
    class Overtaken(RecordCheckIn):
        def decide(self, state: Any, occasion: DecisionContext) -> list[Event | StreamEvent]:
            other.carry_out("checkin:m", CHECK_IN, by=acting("recorder", "wang"))
            return super().decide(state, occasion)

    by = acting("recorder", "li")
    with pytest.raises(Conflict):
        standing.carry_out("checkin:k", Overtaken(**vars(CHECK_IN)), by=by)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "check-in.already-present"):
        standing.carry_out("checkin:k", CHECK_IN, by=by)


def test_a_batch_that_records_the_same_twice_is_refused_at_its_second_row(
    standing: Record,
) -> None:
    received = ReceiveBatch(
        source="tasks", file_name="a.csv", file_digest="0" * 64, rows=2, as_of=day("2023-06-30")
    )
    steps = [BatchStep(f"checkin:{id}", CHECK_IN) for id in ("m", "k")]

    with pytest.raises(BatchRefused) as refused:
        standing.carry_out_batch("b", received, steps, by=acting("recorder", "li"))

    ((index, said),) = refused.value.refusals
    assert index == 1
    assert (said.code, said.params["checkin"]) == ("check-in.already-present", "m")


def test_what_two_officials_post_at_the_same_moment_stands_on_the_board_once(
    standing: Record, other: Record
) -> None:
    class Overtaken(PostOnBoard):
        def decide(self, state: Any, occasion: DecisionContext) -> list[Event | StreamEvent]:
            other.carry_out("honour:m", POST, by=acting("recorder", "wang"))
            return super().decide(state, occasion)

    by = acting("recorder", "li")
    with pytest.raises(Conflict):
        standing.carry_out("honour:k", Overtaken(**vars(POST)), by=by)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "posting.already-posted"):
        standing.carry_out("honour:k", POST, by=by)


def test_what_two_officials_state_of_one_subject_at_the_same_moment_is_told_to_the_second(
    standing: Record, other: Record
) -> None:
    serve = RecordService(content="义务宣讲", served_on=day("2023-03-05"), hours=2)
    by = acting("recorder", "li")
    standing.carry_out("checkin:m", CHECK_IN, by=by)

    class Overtaken(RecordService):
        def decide(self, state: Any, occasion: DecisionContext) -> list[Event | StreamEvent]:
            other.carry_out("checkin:m", serve, by=acting("recorder", "wang"))
            return super().decide(state, occasion)

    with pytest.raises(Conflict):
        standing.carry_out("checkin:m", Overtaken(**vars(serve)), by=by)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "statement.repeated"):
        standing.carry_out("checkin:m", serve, by=by)
