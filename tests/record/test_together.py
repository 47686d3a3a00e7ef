"""Commands of many threads go to the database together; each has an outcome of its own."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import DataError, IntegrityError, OperationalError

from domain.community.events import CommunityRegistered, CommunityRenamed
from domain.kernel.event import Event
from domain.kernel.refusal import CommandIdReused, Conflict, Refused
from record.store.entry import Envelope, Receipt, head
from record.store.record import Record
from record.store.recorder import Draft, Prepared, independent
from record.together import GROUP_MAX, Together
from tests.city import BEGIN, LI, SUBDISTRICT, register, rename
from tests.databases import as_owner

THREADS = 16
A, B, C = "community:a", "community:b", "community:c"

REGISTERED = CommunityRegistered(
    name="临园社区", subdistrict=SUBDISTRICT, effective_from=BEGIN, origin="new"
)
RENAMED = CommunityRenamed(name="花园社区", effective_from=BEGIN, reason="更名")


def prepared(id: str, stream: str, event: Event, version: int, **read: int) -> Prepared:
    """A command that was decided; `read` names communities beside its own."""
    envelope = Envelope(by=LI, basis=(), batch=None, caused_by=None, command_id=id, policy="2021")
    draft = Draft(stream, version, type(event).__name__, head(envelope, event))
    others = {f"community:{other}": at for other, at in read.items()}
    return Prepared(id, id.encode(), stream, {stream: version - 1, **others}, [draft])


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS * 2) as pool:
        yield pool


@contextmanager
def nothing_appended(url: str) -> Iterator[psycopg.Connection]:
    """Whoever appends meanwhile waits for the append function's lock, which we hold."""
    with as_owner(url) as connection:
        connection.execute("lock table record.append_turn in exclusive mode")
        yield connection


def backends_that_append(connection: psycopg.Connection) -> list[int]:
    found = connection.execute(
        "select pid from pg_locks join pg_database d on d.oid = database"
        " where relation = 'record.append_turn'::regclass and not granted"
        " and d.datname = current_database()"
    )
    return [pid for (pid,) in found.fetchall()]


def until(true: Callable[[], bool]) -> None:
    """Waits for something that is about to happen in other threads."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


def answer_of(asked: Future[Receipt]) -> Receipt | Refused:
    try:
        return asked.result(60)
    except Refused as refusal:
        return refusal


def group_of(
    record: Record, threads: ThreadPoolExecutor, asked: Sequence[Callable[[], Receipt]]
) -> list[Receipt | Refused]:
    """What comes of these when they come, in this order, while another command is written."""
    with nothing_appended(record.url) as connection:
        first = threads.submit(record.carry_out, "community:first", register(), by=LI)
        until(lambda: len(backends_that_append(connection)) == 1)
        futures = []
        for each in asked:
            waiting = record.waiting
            futures.append(threads.submit(each))
            until(lambda waiting=waiting: record.waiting > waiting)  # type: ignore[misc]
    first.result(60)
    return [answer_of(future) for future in futures]


def test_what_comes_while_another_is_written_is_written_in_one_transaction(
    record: Record, threads: ThreadPoolExecutor
) -> None:
    answers = group_of(
        record,
        threads,
        [
            lambda number=number: record.carry_out(  # type: ignore[misc]
                f"community:{number}", register(f"第{number}社区"), by=LI, command_id=f"k{number}"
            )
            for number in range(THREADS)
        ],
    )

    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert len(receipts) == THREADS
    assert len({receipt.recorded_at for receipt in receipts}) == 1
    first = receipts[0].position
    assert [receipt.position for receipt in receipts] == list(range(first, first + THREADS))
    for number, receipt in enumerate(receipts):
        (entry,) = record.history(f"community:{number}")
        assert (entry.position, entry.command_id) == (receipt.position, f"k{number}")


def test_in_a_group_the_first_on_a_stream_is_recorded_and_the_others_are_conflicts(
    record: Record, threads: ThreadPoolExecutor
) -> None:
    for stream in (A, B):
        record.carry_out(stream, register(), by=LI)

    def ask(stream: str, name: str) -> Callable[[], Receipt]:
        return lambda: record.carry_out(stream, rename(name), by=LI)

    answers = group_of(
        record, threads, [ask(A, "甲社区"), ask(A, "乙社区"), ask(B, "丙社区"), ask(A, "丁社区")]
    )

    assert [type(answer) for answer in answers] == [Receipt, Conflict, Receipt, Conflict]
    assert record.state(A).title == "甲社区"
    assert record.state(B).title == "丙社区"


def test_a_command_repeated_within_a_group_is_recorded_once_and_answered_twice(
    record: Record, threads: ThreadPoolExecutor
) -> None:
    def ask(name: str) -> Callable[[], Receipt]:
        return lambda: record.carry_out(A, register(name), by=LI, command_id="k1")

    first, again, other = group_of(record, threads, [ask("甲社区"), ask("甲社区"), ask("乙社区")])

    assert isinstance(first, Receipt)
    assert again == first
    assert isinstance(other, CommandIdReused)
    assert len(record.history(A)) == 1


def test_each_command_of_an_append_has_its_own_outcome(record: Record) -> None:
    record.recorder.append([prepared("k1", A, REGISTERED, 1), prepared("k2", B, REGISTERED, 1)])

    answers = record.recorder.append(
        [
            prepared("k3", A, RENAMED, 3),
            prepared("k4", C, REGISTERED, 1, b=1),
            prepared("k2", B, REGISTERED, 1),
            prepared("k1", A, REGISTERED, 1)._replace(digest=b"other"),
            prepared("k5", "community:d", REGISTERED, 1, b=7),
            prepared("k6", B, RENAMED, 2),
        ]
    )

    assert [answer.outcome for answer in answers] == [
        "conflict",
        "recorded",
        "repeated",
        "reused",
        "conflict",
        "recorded",
    ]
    assert (answers[0].stream, answers[0].version) == (A, 1)
    assert (answers[4].stream, answers[4].version) == (B, 1)
    assert [answers[index].position for index in (2, 1, 5)] == [12, 13, 14]
    assert record.head() == 14


def test_what_rests_on_what_another_writes_or_has_its_id_is_not_appended_with_it() -> None:
    commands = [
        prepared("k1", A, REGISTERED, 1),
        prepared("k2", A, REGISTERED, 1),
        prepared("k3", B, REGISTERED, 1, a=0),
        prepared("k1", C, REGISTERED, 1),
        prepared("k4", "community:d", REGISTERED, 1, b=0),
    ]

    assert independent(commands) == [0, 4]
    assert independent(commands[2:]) == [0, 1]


def test_a_command_that_the_database_refuses_harms_nobody_else(
    record: Record, threads: ThreadPoolExecutor
) -> None:
    appending = Together(record.recorder.append, independent)
    poisoned = prepared("poisoned", "Community:X", REGISTERED, 1)
    commands = [prepared(f"k{n}", f"community:{n}", REGISTERED, 1) for n in range(5)]
    with nothing_appended(record.url) as connection:
        first = threads.submit(appending.ask, prepared("first", A, REGISTERED, 1))
        until(lambda: len(backends_that_append(connection)) == 1)
        futures = [
            threads.submit(appending.ask, c) for c in (*commands[:2], poisoned, *commands[2:])
        ]
        until(lambda: appending.waiting == len(futures))

    assert first.result(60).outcome == "recorded"
    with pytest.raises(IntegrityError):
        futures.pop(2).result(60)
    assert [future.result(60).outcome for future in futures] == ["recorded"] * 5


def test_when_the_connection_is_killed_everybody_is_recorded_once_or_told(
    record: Record, threads: ThreadPoolExecutor
) -> None:
    with nothing_appended(record.url) as connection:
        first = threads.submit(record.carry_out, A, register(), by=LI)
        until(lambda: len(backends_that_append(connection)) == 1)
        others = [
            threads.submit(record.carry_out, f"community:{n}", register(), by=LI) for n in range(6)
        ]
        until(lambda: record.waiting == len(others))
        killed = backends_that_append(connection)
        connection.execute("select pg_terminate_backend(%s)", killed)
        # The one that was alone is told; the lead passes on, and its connection is killed too.
        until(lambda: backends_that_append(connection) not in ([], killed))
        connection.execute("select pg_terminate_backend(%s)", backends_that_append(connection))

    with pytest.raises(OperationalError):
        first.result(60)
    assert [future.result(60).version for future in others] == [1] * 6
    assert record.history(A) == []
    record.carry_out(A, register(), by=LI)


def test_sixteen_threads_on_one_stream_and_on_many_lose_nothing(
    record: Record, threads: ThreadPoolExecutor
) -> None:
    record.carry_out(A, register(), by=LI)
    head = record.head()

    def work(number: int) -> list[Receipt]:
        own = f"community:{number}"
        receipts = [record.carry_out(own, register(), by=LI)]
        for k in range(6):
            receipts.append(record.carry_out(own, rename(f"第{number}之{k}社区"), by=LI))
            with suppress(Conflict):
                receipts.append(record.carry_out(A, rename(f"共{number}之{k}社区"), by=LI))
        return receipts

    receipts = [r for each in threads.map(work, range(THREADS)) for r in each]

    positions = sorted(receipt.position for receipt in receipts)
    assert positions == list(range(head + 1, record.head() + 1))
    assert sum(receipt.stream != A for receipt in receipts) == THREADS * 7
    assert record.state(A).version == 1 + sum(receipt.stream == A for receipt in receipts)
    assert record.waiting == 0


def test_whoever_comes_alone_waits_for_nobody() -> None:
    asked: list[Sequence[int]] = []

    def double(numbers: Sequence[int]) -> list[int]:
        asked.append(numbers)
        return [2 * number for number in numbers]

    together = Together(double)

    assert [together.ask(number) for number in (1, 2, 3)] == [2, 4, 6]
    assert asked == [[1], [2], [3]]


def test_nobody_waits_for_ever_and_everybody_gets_an_own_answer_or_failure(
    threads: ThreadPoolExecutor,
) -> None:
    groups: list[int] = []

    def work(numbers: Sequence[int]) -> list[int]:
        groups.append(len(numbers))
        time.sleep(0.001)
        for number in numbers:
            if number % 50 == 7:
                raise DataError(str(number))
            if number % 50 == 8:
                raise ZeroDivisionError
        return [-number for number in numbers]

    together = Together(work, lambda asked: [i for i in range(len(asked)) if not i or asked[i] % 3])

    def ask(number: int) -> Any:
        try:
            return together.ask(number)
        except (DataError, ZeroDivisionError) as failure:
            return str(failure) or type(failure)

    answers = list(threads.map(ask, range(500)))

    for number, answer in enumerate(answers):
        match number % 50:
            case 7:
                assert answer == str(number)
            case 8:
                assert answer is ZeroDivisionError
            case _:
                assert answer in (-number, ZeroDivisionError)
    assert max(groups) <= GROUP_MAX
    assert max(groups) > 1
    assert together.waiting == 0
