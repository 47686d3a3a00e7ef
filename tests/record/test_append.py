"""Appending: one winner, dense positions, one receipt a command, all or nothing."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from eventsourcing.persistence import ProgrammingError

from domain.classification.reclassification import ProposeReclassification
from domain.community.identity import RenameCommunity
from domain.community.state import Community
from domain.jurisdiction.tree import DissolveJurisdiction
from domain.kernel.context import DecisionContext, Document
from domain.kernel.event import Event, StreamEvent
from domain.kernel.refusal import CommandIdReused, Conflict, NotOnRecord, Refused, Stale
from domain.kernel.text import Bilingual
from record.store.batch import BatchStep
from record.store.entry import ENTRY_BYTES_MAX, Made, Receipt, canonical
from record.store.record import CHINA, Record
from record.store.unit_of_work import STATE_BYTES, Loaded, States, Stored, UnitOfWork
from tests.city import (
    BASIS,
    LI,
    SUBDISTRICT,
    TYPE_2,
    WANG,
    acting,
    classify,
    codes,
    found,
    register,
    rename,
)
from tests.record.batches import A, B, received
from tests.refusing import refused

WRITERS, SINGLES, BATCHES, BATCH_ENTRIES = 6, 20, 3, 60


def append_a_load(url: str, number: int) -> None:
    with Record(url) as record:
        for single in range(SINGLES):
            record.carry_out(f"community:{number}-{single}", register(f"社区{single}"), by=LI)
            if single % (SINGLES // BATCHES) == 0:
                ids = (f"{number}-{single}-{step}" for step in range(BATCH_ENTRIES - 2))
                steps = [BatchStep(f"community:{id}", register()) for id in ids]
                record.carry_out_batch(f"batch-{number}-{single}", received(), steps, by=LI)


def test_a_tailing_reader_sees_every_entry_of_six_writers_once_and_in_order(
    record: Record,
) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        loads = [pool.submit(append_a_load, record.url, number) for number in range(WRITERS)]
        seen = record.entries(after=0)
        while not all(load.done() for load in loads) or record.head() > len(seen):
            seen += record.entries(after=seen[-1].position, limit=50)
    assert [load.result() for load in loads] == [None] * WRITERS

    assert [entry.position for entry in seen] == list(range(1, record.head() + 1))
    singles = [e for e in seen if e.name == "CommunityRegistered" and not e.batch]
    assert len(singles) == WRITERS * SINGLES
    batches = {e.batch: [x.position for x in seen if x.batch == e.batch] for e in seen if e.batch}
    assert len(batches) == WRITERS * (BATCHES + 1)
    for positions in batches.values():
        assert positions == list(range(positions[0], positions[0] + BATCH_ENTRIES))


def test_of_two_commands_on_one_stream_one_wins_and_the_other_is_told(
    record: Record, other: Record
) -> None:
    record.carry_out(A, register(), by=LI)

    class Overtaken(RenameCommunity):
        def decide(self, state: Community, occasion: DecisionContext) -> list[Event | StreamEvent]:
            other.carry_out(A, rename("花园社区"), by=WANG)
            return super().decide(state, occasion)

    overtaken = Bilingual(zh="花园社区（编号 a）", en="花园社区 (a)")
    with refused("record.changed-meanwhile", Conflict) as conflict:
        record.carry_out(A, Overtaken(**dict(rename("临江社区"))), by=LI)

    assert conflict.value.params == {"what": overtaken, "version": 2}
    assert record.state(A).title == "花园社区"
    record.carry_out(A, rename("临江社区"), by=LI)


def test_a_change_of_a_stream_that_was_only_consulted_is_a_conflict(
    record: Record, other: Record
) -> None:
    class Overtaken(type(register())):  # type: ignore[misc]
        def decide(self, state: Community, occasion: DecisionContext) -> Any:
            gone = DissolveJurisdiction(effective_from=date(2019, 1, 1))
            other.carry_out(f"jurisdiction:{SUBDISTRICT}", gone, by=WANG)
            return super().decide(state, occasion)

    with refused("record.changed-meanwhile", Conflict):
        record.carry_out(A, Overtaken(**dict(register())), by=LI)

    assert record.history(A) == []


def test_of_eight_commands_at_once_exactly_one_is_recorded(record: Record) -> None:
    record.carry_out(A, register(), by=LI)
    start = Barrier(8)

    def ask(number: int) -> Receipt | Refused:
        start.wait()
        try:
            return record.carry_out(A, rename(f"第{number}社区"), by=LI, if_version=1)
        except (Conflict, Stale) as refusal:
            return refusal

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert record.state(A).version == 2


def test_a_receipt_says_where_the_command_stands(record: Record) -> None:
    head = record.head()

    receipt = record.carry_out(A, register(code=next(codes())), by=LI, basis=BASIS)

    assert (receipt.position, receipt.last_position) == (head + 1, head + 2)
    assert (receipt.stream, receipt.version) == (A, 1)
    (entry,) = record.history(A)
    assert entry.recorded_at == receipt.recorded_at
    assert (entry.actor, entry.authority) == (LI.actor, LI.authority)
    assert (entry.basis, entry.policy, entry.caused_by) == (BASIS, "2021", None)


def test_an_entry_says_what_led_to_it(record: Record) -> None:
    cause = record.carry_out(A, register(), by=LI)

    record.carry_out(A, rename("花园社区"), by=WANG, caused_by=cause.position)

    assert [entry.caused_by for entry in record.history(A)] == [None, cause.position]


def test_a_receipt_names_what_got_an_id_and_does_so_again(record: Record) -> None:
    began = record.carry_out(A, register(code=next(codes())), by=LI, command_id="k1")
    proposal = ProposeReclassification(
        type=TYPE_2, effective_from=date(2022, 1, 1), reason="改造", origin="community"
    )
    record.carry_out(A, classify(), by=LI)
    wang = acting("recorder", "wang", SUBDISTRICT)
    proposed = record.carry_out(A, proposal, by=wang, command_id="k2")

    assert began.made == (Made(stream=A),)
    ((stream, part),) = [(each.stream, each.part) for each in proposed.made]
    assert part in record.state(stream).proposals
    assert record.carry_out(A, proposal, by=wang, command_id="k2") == proposed
    assert record.carry_out(A, rename("花园社区"), by=LI).made == ()


def test_what_a_command_brings_about_is_caused_by_its_first_entry(record: Record) -> None:
    receipt = record.carry_out(A, register(code=next(codes())), by=LI)

    first, claim = record.entries(after=receipt.position - 1)
    assert (first.caused_by, claim.caused_by) == (None, first.position)
    assert record.caused_by(first.position, after=0, limit=10) == [claim]
    assert record.caused_by(claim.position, after=0, limit=10) == []


def test_a_text_that_reads_like_a_cause_stays_a_text(record: Record) -> None:
    name = ',"caused_by":@1,'
    record.carry_out(A, register(name, next(codes())), by=LI)

    (entry,) = record.history(A)
    assert getattr(entry.event, "name") == name  # noqa: B009


def test_a_repeated_command_gets_its_first_receipt_even_if_its_rule_would_refuse_now(
    record: Record,
) -> None:
    first = record.carry_out(A, register(), by=LI, command_id="k1")
    renamed = record.carry_out(A, rename("花园社区"), by=LI, command_id="k2", if_version=1)

    assert record.carry_out(A, register(), by=LI, command_id="k1") == first
    assert record.carry_out(A, rename("花园社区"), by=LI, command_id="k2", if_version=1) == renamed
    assert record.head() == renamed.last_position


def test_a_command_repeated_while_it_is_decided_is_recorded_once(
    record: Record, other: Record
) -> None:
    record.carry_out(A, register(), by=LI)
    receipts: list[Receipt] = []
    decided = 0

    class Repeated(RenameCommunity):
        def decide(self, state: Community, occasion: DecisionContext) -> list[Event | StreamEvent]:
            nonlocal decided
            decided += 1
            if decided == 1:
                receipts.append(other.carry_out(A, self, by=LI, command_id="k1"))
            return super().decide(state, occasion)

    answer = record.carry_out(A, Repeated(**dict(rename("花园社区"))), by=LI, command_id="k1")

    assert (receipts, decided) == ([answer], 2)
    assert record.state(A).version == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"command": rename("临江社区")},
        {"stream": B},
        {"by": WANG},
        {"basis": BASIS},
    ],
)
def test_a_command_id_belongs_to_one_command(record: Record, changed: dict[str, Any]) -> None:
    for stream in (A, B):
        record.carry_out(stream, register(), by=LI)
    asked: dict[str, Any] = {"stream": A, "command": rename("花园社区"), "by": LI}
    record.carry_out(**asked, command_id="k1")

    with refused("record.command-id-reused", CommandIdReused):
        record.carry_out(**{**asked, **changed}, command_id="k1")


def test_a_caller_may_say_which_version_it_has_seen(record: Record) -> None:
    record.carry_out(A, register(), by=LI, if_version=0)
    record.carry_out(A, rename("花园社区"), by=LI, if_version=1)

    with refused("record.other-version", Stale) as stale:
        record.carry_out(A, rename("临江社区"), by=LI, if_version=1)

    told = stale.value.params
    assert (told["stream"], told["named"], told["version"]) == (A, 1, 2)


def documents(number: int) -> tuple[Document, ...]:
    return tuple(Document(issuer="民政局", title=f"{i:064x}") for i in range(number))


def test_an_entry_may_have_64_kib_and_no_more(record: Record) -> None:
    accepted, refusals = [], []
    for number in range(550, 575):
        try:
            record.carry_out(f"community:{number}", register(), by=LI, basis=documents(number))
            accepted.append(number)
        except Refused as refusal:
            refusals.append(refusal)

    assert {refusal.code for refusal in refusals} == {"record.entry-too-large"}
    assert refusals[0].params["allowed"] == ENTRY_BYTES_MAX
    assert accepted
    assert accepted == list(range(550, accepted[-1] + 1))
    assert accepted[-1] < 574
    found = [
        len(stored.state) for stored in record.recorder.select_events(f"community:{accepted[-1]}")
    ]
    assert ENTRY_BYTES_MAX - 400 < found[0] <= ENTRY_BYTES_MAX


def test_a_nul_is_refused_and_whatever_else_looks_like_one_is_kept(record: Record) -> None:
    with refused("text.invisible"):
        record.carry_out(A, register("花\0园"), by=LI)
    with refused("text.invisible"):
        record.carry_out(A, register("花\\\0园"), by=LI)

    record.carry_out(A, register("花\\u0000园"), by=LI)

    with record.recorder.datastore.get_connection() as connection:
        row = connection.execute(
            "select body ->> 'name' as name from record.entries_readable where stream = %s", (A,)
        ).fetchone()
    assert row == {"name": "花\\u0000园"}


@pytest.mark.parametrize(
    "stream", ["community", "community:", "community:A", "community:a\nb", "policy:x", "shop:a", ""]
)
def test_what_is_no_name_of_a_stream_is_refused(record: Record, stream: str) -> None:
    with pytest.raises(NotOnRecord, check=lambda refusal: refusal.code == "stream.unknown"):
        record.carry_out(stream, register(), by=LI)


def test_nothing_is_recorded_before_the_founding(empty_record: Record) -> None:
    with refused("record.not-founded", NotOnRecord):
        empty_record.carry_out(A, register(), by=LI)

    assert empty_record.head() == 0


def test_entries_are_recorded_through_commands_only(record: Record) -> None:
    with pytest.raises(ProgrammingError, match=r"Record\.carry_out only"):
        record.recorder.insert_events([])


def test_a_state_that_others_replace_while_its_stream_is_loaded_is_not_folded_twice(
    record: Record,
) -> None:
    record.carry_out(A, register(), by=LI)
    record.carry_out(A, rename("花园社区"), by=LI)
    stored = [
        Stored(A, e.originator_version, e.topic, e.state, 1)
        for e in record.recorder.select_events(A)
    ]
    states, now = States(), datetime.now(UTC)

    def load(versions: Mapping[str, int]) -> Loaded:
        return Loaded(stored if A in versions else [], now)

    def load_overtaken(versions: Mapping[str, int]) -> Loaded:
        theirs = UnitOfWork(states, load)
        theirs.read_all([A])
        states.keep(theirs)
        return load(versions)

    ours = UnitOfWork(states, load_overtaken)
    ours.read_all([A])

    assert ours.read[A] == 2


def test_cached_states_are_bounded_by_the_bytes_of_their_entries() -> None:
    bodies = {name: b'{"body":%s}' % canonical(register(name)) for name in ("a", "b", "c")}
    stored = [
        Stored(f"community:{name}", 1, "CommunityRegistered", body, number)
        for number, (name, body) in enumerate(bodies.items(), start=1)
    ]
    for_two = sum(STATE_BYTES + len(each.state) for each in stored[1:])
    states = States(for_two)

    def used(*asked: Stored) -> list[int]:
        """Read and keep these streams; the versions that are cached then."""
        work = UnitOfWork(states, lambda _: Loaded(asked, datetime.now(UTC)))
        work.read_all(each.stream for each in asked)
        states.keep(work)
        return [states.get(each.stream).state.version for each in stored]

    assert used(*stored[:2]) == [1, 1, 0]
    assert used(stored[2]) == [0, 1, 1]
    assert used(stored[0]._replace(state=bodies["a"].ljust(for_two))) == [0, 0, 0]


SIMULATED = datetime(2021, 4, 1, 9, tzinfo=UTC)


def test_a_simulation_brings_its_own_clock_which_never_runs_backwards(
    empty_record: Record,
) -> None:
    times = [SIMULATED]
    with Record(empty_record.url, clock=lambda: times[-1]) as simulated:
        found(simulated, simulation=True)
        times.append(SIMULATED + timedelta(days=3, microseconds=7))
        later = simulated.carry_out(A, register(), by=LI)
        times.append(SIMULATED)
        backwards = simulated.carry_out(A, rename("花园社区"), by=LI)
        times.append(datetime(2090, 1, 1, tzinfo=UTC))
        ahead = simulated.carry_out(A, rename("临江社区", date(2021, 1, 1)), by=LI)

    without = empty_record.carry_out(A, rename("滨江社区", date(2022, 1, 1)), by=LI)

    assert later.recorded_at == backwards.recorded_at == times[1]
    assert ahead.recorded_at == without.recorded_at == times[-1]
    assert empty_record.position_at(SIMULATED) == later.position - 1
    assert empty_record.position_at(SIMULATED - timedelta(microseconds=1)) == 0
    assert empty_record.position_at(times[1]) == backwards.position


def test_a_record_that_is_closed_for_now_says_why_and_records_nothing(record: Record) -> None:
    head = record.head()
    with Record(record.url, closed=lambda: Refused("record.not-founded")) as closed:
        with refused("record.not-founded"):
            closed.carry_out(A, register(), by=LI)
        assert closed.head() == head


def test_a_simulations_today_is_the_day_of_its_last_entry(empty_record: Record) -> None:
    assert empty_record.today() == datetime.now(CHINA).date()
    with Record(empty_record.url, clock=lambda: SIMULATED) as simulated:
        found(simulated, simulation=True)

    assert empty_record.today() == SIMULATED.astimezone(CHINA).date()


def test_a_clock_is_refused_unless_the_record_was_founded_as_a_simulation(
    record: Record,
) -> None:
    head = record.head()
    with (
        Record(record.url, clock=lambda: SIMULATED) as simulated,
        pytest.raises(ProgrammingError, match="Only a record founded as a simulation"),
    ):
        simulated.carry_out(A, register(), by=LI)

    assert record.head() == head


def test_a_real_record_is_not_founded_with_a_clock_of_its_own(empty_record: Record) -> None:
    with (
        Record(empty_record.url, clock=lambda: SIMULATED) as simulated,
        pytest.raises(ProgrammingError, match="Only a record founded as a simulation"),
    ):
        found(simulated)

    assert empty_record.head() == 0
