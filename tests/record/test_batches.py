"""A batch of commands is recorded as a whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.batch.receiving import ReceiveBatch
from domain.kernel.command import Command
from domain.kernel.refusal import CommandIdReused, Conflict, NotAuthorised, Refused
from domain.task.assignment import AssignTask
from record.store.batch import BatchRefused, BatchStep
from record.store.record import Record
from record.store.unit_of_work import Loaded, States, Stored, UnitOfWork
from tests.city import (
    BASIS,
    LI,
    SUBDISTRICT_2,
    WANG,
    classify,
    codes,
    register,
    rename,
)
from tests.record.batches import A, B, received
from tests.refusing import refused


def test_a_batch_is_recorded_as_a_whole_between_its_arrival_and_its_application(
    record: Record,
) -> None:
    head = record.head()
    code, code_2 = "510703001001", "510703001002"
    steps = [
        BatchStep(A, register(code=code)),
        BatchStep(B, register(code=code_2), BASIS),
        BatchStep(A, rename("花园社区")),
        BatchStep(A, classify()),
    ]

    receipt = record.carry_out_batch("b1", received(), steps, by=LI, if_head=head)

    entries = record.entries(after=head)
    assert [entry.name for entry in entries] == [
        "BatchReceived",
        "CommunityRegistered",
        "CodeClaimed",
        "CommunityRegistered",
        "CodeClaimed",
        "CommunityRenamed",
        "CommunityClassified",
        "BatchApplied",
    ]
    assert {(e.batch, e.command_id) for e in entries} == {("b1", "b1")}
    assert (receipt.stream, receipt.version) == ("batch:b1", 2)
    assert entries[3].basis == BASIS
    assert record.carry_out_batch("b1", received(), steps, by=LI, if_head=head) == receipt
    assert record.head() == receipt.last_position


def test_of_a_batch_with_refused_steps_nothing_is_recorded_and_each_of_them_is_named(
    record: Record,
) -> None:
    head = record.head()
    steps = [
        BatchStep(A, register()),
        BatchStep(B, rename("花园社区")),
        BatchStep(A, rename("花园社区", date(2000, 1, 1))),
        BatchStep(A, rename("花园社区")),
        BatchStep(A, register()),
    ]

    with refused("record.batch-refused", BatchRefused) as whole:
        record.carry_out_batch("b1", received(), steps, by=LI)

    assert isinstance(whole.value, BatchRefused)
    assert [(index, type(refusal)) for index, refusal in whole.value.refusals] == [
        (1, NotAuthorised),
        (2, Refused),
        (4, Refused),
    ]
    assert whole.value.params["refused"] == 3
    assert record.head() == head
    assert record.state(A).version == 0


def test_a_rehearsed_batch_says_what_it_would_become_and_records_nothing(record: Record) -> None:
    head = record.head()
    steps = [BatchStep(A, register()), BatchStep(A, rename("花园社区"))]

    assert record.rehearse_batch("b1", received(), steps, by=LI) == 4
    with pytest.raises(BatchRefused):
        record.rehearse_batch("b1", received(), steps[1:], by=LI)
    assert record.head() == head
    assert record.states([A, B])[A].version == 0


def test_a_batch_id_belongs_to_one_batch(record: Record) -> None:
    steps = [BatchStep(A, register())]
    record.carry_out_batch("b1", received(), steps, by=LI)
    others: list[tuple[ReceiveBatch, Sequence[BatchStep]]] = [
        (received(rows=4), steps),
        (received(), [BatchStep(B, register())]),
        (received(), [BatchStep(A, register(), BASIS)]),
        (received(), [BatchStep(A, register(subdistrict=SUBDISTRICT_2))]),
        (received(), []),
    ]

    for arrival, changed in others:
        with pytest.raises(CommandIdReused):
            record.carry_out_batch("b1", arrival, changed, by=LI)


def test_a_batch_that_was_planned_at_another_position_is_refused(
    record: Record, other: Record
) -> None:
    head = record.head()
    steps = [BatchStep(A, register()), BatchStep(B, register())]
    asked: list[Command[Any]] = [register("花园社区"), register("临江社区")]

    def overtake() -> None:
        other.carry_out(f"community:c{len(asked)}", asked.pop(), by=WANG)

    with refused("record.went-on", Conflict):
        record.carry_out_batch("b1", received(), steps, by=LI, if_head=head, on_step=overtake)
    with refused("record.went-on", Conflict):
        record.carry_out_batch("b1", received(), steps, by=LI, if_head=head)

    assert record.history(A) == []


def test_what_a_batch_recorded_is_caused_by_it_and_what_follows_by_each_command(
    record: Record,
) -> None:
    before = record.carry_out("community:z", register("丙社区"), by=LI).last_position
    numbers = codes()
    steps = [
        BatchStep(f"community:{id}", register(f"{id}社区", next(numbers)), ()) for id in ("c", "d")
    ]

    receipt = record.carry_out_batch("b9", received(), steps, by=LI)

    entries = record.entries(after=before)
    at = {entry.position: entry.caused_by for entry in entries}
    b, c, d = receipt.position, receipt.position + 1, receipt.position + 3
    assert at == {b: None, c: b, c + 1: c, d: b, d + 1: d, d + 2: b}
    found = record.caused_by(b, after=c, limit=10)
    assert [entry.position for entry in found] == [d, d + 2]


def test_whether_a_batch_is_in_scope_is_read_for_all_its_commands_together(record: Record) -> None:
    for number in range(12):
        record.carry_out(f"community:c{number}", register(f"第{number}社区"), by=LI)
    asked: list[int] = []

    def load(versions: Mapping[str, int]) -> Loaded:
        asked.append(len(versions))
        stored = [
            Stored(stream, each.originator_version, each.topic, each.state, 1)
            for stream in versions
            for each in record.recorder.select_events(stream)
        ]
        return Loaded(stored, datetime.now(UTC))

    work = UnitOfWork(States(), load, by=LI)
    steps = [(f"task:t{number}", assign(f"c{number}")) for number in range(12)]
    work.read_all(stream for stream, _ in steps)
    work.read_above(steps)

    # The tasks, the actor's district, all communities, their subdistrict.
    assert len(asked) == 4
    assert {f"community:c{number}" for number in range(12)} <= work.states.keys()


def assign(community: str) -> AssignTask:
    return AssignTask(
        title="修复路灯",
        community=community,
        unit="power",
        person="zhao",
        assigned_on=date(2024, 3, 1),
        due_on=date(2024, 4, 1),
    )
