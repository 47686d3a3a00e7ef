"""The mark of what breaks a procedure is in the envelope of its entry, for ever."""

import json
from datetime import date
from typing import Any

import psycopg
import pytest

from domain.council.membership import FoundCouncil
from domain.council.sessions import ConveneSession
from domain.kernel.policy import built_in
from domain.kernel.refusal import CommandIdReused, Irregular
from record.store.batch import BatchRefused, BatchStep
from record.store.entry import Receipt
from record.store.record import Record
from tests.city import acting, enrol, register
from tests.record.batches import received
from tests.refusing import refused

BY = acting("reviewer")
COUNCIL = "council:c1"
KIND = built_in()["2021"].policy.councils[1].code
HASTY = ConveneSession(
    session="s1", noticed_on=date(2024, 3, 1), scheduled_on=date(2024, 3, 2), place="会议室"
)
PROPER = HASTY.model_copy(update={"session": "s2", "scheduled_on": date(2024, 3, 8)})
WHY = "汛情紧急，当日通知"


@pytest.fixture
def council(record: Record) -> Record:
    """The record with a council."""
    record.carry_out("community:a", register(), by=acting())
    found = FoundCouncil(
        community="a",
        title="联席会议",
        council_kind=KIND,
        founded_on=date(2024, 1, 1),
        members=("school", "bank"),
    )
    enrol(record, found)
    record.carry_out(COUNCIL, found, by=BY)
    return record


def test_nothing_is_recorded_without_a_reason_and_the_mark_is_kept_with_one(
    council: Record,
) -> None:
    head = council.head()
    with refused("fact.irregular", Irregular):
        council.carry_out(COUNCIL, HASTY, by=BY)
    assert council.head() == head

    receipt = council.carry_out(COUNCIL, HASTY, by=BY, despite=WHY)

    (entry,) = council.entries(after=head)
    assert entry.position == receipt.position
    assert entry.irregular is not None
    assert entry.irregular.reason == WHY
    assert [each.code for each in entry.irregular.codes] == ["session.notice-too-short"]
    with psycopg.connect(council.url) as auditor:
        state, shown = auditor.execute(
            "select e.state, r.irregular from record.entries e join record.entries_readable r"
            " on r.position = e.notification_id where e.notification_id = %s",
            (entry.position,),
        ).fetchone() or (b"", None)
    assert shown == entry.irregular.model_dump(mode="json")
    keys = list(json.loads(bytes(state)))
    assert keys == sorted(keys)


def test_a_repeated_command_has_the_same_reason(council: Record) -> None:
    first = council.carry_out(COUNCIL, HASTY, by=BY, despite=WHY, command_id="k1")

    again = council.carry_out(COUNCIL, HASTY, by=BY, despite=WHY, command_id="k1")
    assert again.position == first.position
    with refused("record.command-id-reused", CommandIdReused):
        council.carry_out(COUNCIL, HASTY, by=BY, despite="另有原因", command_id="k1")


def test_each_row_of_a_batch_has_its_reason_and_needs_it(council: Record) -> None:
    def batch(*steps: tuple[Any, str | None, int]) -> Receipt:
        found = [BatchStep(COUNCIL, what, (), why, row) for what, why, row in steps]
        return council.carry_out_batch("b2", received(), found, by=BY)

    with refused("record.batch-refused", BatchRefused) as caught:
        batch((HASTY, None, 2), (PROPER, WHY, 3))
    assert isinstance(caught.value, BatchRefused)
    assert [(at, each.code) for at, each in caught.value.refusals] == [
        (0, "fact.irregular"),
        (1, "fact.not-irregular"),
    ]

    receipt = batch((HASTY, WHY, 2), (PROPER, WHY, 2))
    entries = council.entries(after=receipt.position, limit=2)
    assert [each.irregular and each.irregular.reason for each in entries] == [WHY, None]
