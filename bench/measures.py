"""The measures P1 to P3 of the design: each does the same work with ours and with the stock
library, on the same server, one after the other, and reports both."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import psycopg

from bench import city, stock
from domain.community.identity import RegisterCommunity, RenameCommunity
from projections.all import PROJECTIONS
from projections.engine.rebuild import rebuild
from record.store.entry import AnyEntry
from record.store.migrate import migrate
from record.store.record import Record

Fresh = Callable[[str], str]
COMMANDS_AT_ONCE = 16
# The stock recorder sends a transaction's inserts as one pipeline; with 1,000 events of this size
# it was seen to hang in psycopg's Pipeline.sync, each end waiting for the other to read.
BULK_EVENTS = 300


@dataclass(frozen=True, slots=True)
class Measure:
    """One piece of work, how often a second we do it and how often the peer does, and the goal."""

    name: str
    work: str
    ours: float
    peer: float
    goal: str
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.peer


def p1(fresh: Fresh, size: float) -> list[Measure]:
    """Load, decide, append one event: 16 concurrent commands on 16 streams."""
    commands = int(150 * size)
    with _founded(fresh("p1_ours")) as record:
        recorder = city.acting("li.na", "recorder")
        for number in range(COMMANDS_AT_ONCE):
            registered = RegisterCommunity(
                name="花园社区", subdistrict="s1", effective_from=city.FIRST
            )
            record.carry_out(f"community:c{number}", registered, by=recorder)

        def ours(number: int) -> None:
            for k in range(commands):
                renamed = RenameCommunity(
                    name=f"花园{k}社区", effective_from=date(2018, 1, 1), reason="更名"
                )
                record.carry_out(f"community:c{number}", renamed, by=recorder)

        ours_seconds = _at_once(ours)
    with stock.Communities(env=stock.environment(fresh("p1_stock"))) as application:
        ids = [
            application.register("花园社区", "s1", "2015-01-01") for _ in range(COMMANDS_AT_ONCE)
        ]

        def theirs(number: int) -> None:
            for k in range(commands):
                application.rename(ids[number], f"花园{k}社区", "2018-01-01", "更名")

        peer_seconds = _at_once(theirs)
    total = commands * COMMANDS_AT_ONCE
    work = f"command: load, decide, append; {COMMANDS_AT_ONCE} at once, {total:,} in all"
    return [Measure("P1", work, total / ours_seconds, total / peer_seconds, "≥ 3")]


def p2(fresh: Fresh, size: float) -> list[Measure]:
    """Import a register and five years of history through the rules, in batches."""
    with _founded(fresh("p2_ours")) as record:
        start = record.head()
        seconds = _live(record, int(1_500 * size))
        entries = _entries_of(record, start)
    prepared = list(stock.recorded(entries))
    with stock.Communities(env=stock.environment(fresh("p2_stock"))) as application:
        began = time.perf_counter()
        stock.bulk(application, prepared, BULK_EVENTS)
        peer_seconds = time.perf_counter() - began
    count = len(entries)
    work = f"import through the rules, {count:,} entries; peer: bulk append without rules"
    return [Measure("P2", work, count / seconds, count / peer_seconds, "≥ 3")]


def p3(fresh: Fresh, size: float) -> list[Measure]:
    """Rebuild of all projections, beside the stock runner catching up with one."""
    url = fresh("p3_ours")
    with _founded(url) as record:
        _live(record, int(6_000 * size))
        entries, sample = record.head(), record.entries(after=1_000, limit=int(2_000 * size))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze record.entries")
        found = connection.execute("select distinct topic from record.entries").fetchall()
    began = time.perf_counter()
    rebuild(url, PROJECTIONS)
    seconds = time.perf_counter() - began
    env = stock.environment(fresh("p3_stock"))
    with stock.Communities(env=env) as application:
        stock.bulk(application, list(stock.recorded(sample)), BULK_EVENTS)
    began = time.perf_counter()
    stock.catch_up(env, len(sample))
    peer_seconds = time.perf_counter() - began
    # Those that read nothing of this history cost nothing and count for nothing.
    names = {name for (name,) in found}
    busy = [p for p in PROJECTIONS if names & {event.__name__ for event in p.events}]
    work = f"rebuild, {entries:,} entries, {len(busy)} projections fold them; peer: one projection"
    each = entries * len(busy) / seconds
    peer = len(sample) / peer_seconds
    return [
        Measure("P3", work, entries / seconds, peer, "≥ 100,000 entries/s"),
        Measure("P3", "the same, per projection", each, peer, "≥ 100"),
    ]


def _founded(url: str) -> Record:
    migrate(url)
    record = Record(url)
    city.found(record)
    return record


def _live(record: Record, communities: int) -> float:
    """Record a city's years in batches; returns the seconds spent in carrying them out."""
    batches = [("steward", list(city.registrations(communities))), *city.five_years(communities)]
    began = time.perf_counter()
    for number, (role, steps) in enumerate(batches):
        received = city.received(number, len(steps))
        record.carry_out_batch(f"b{number}", received, steps, by=city.acting("li.na", role))
    return time.perf_counter() - began


def _entries_of(record: Record, after: int) -> list[AnyEntry]:
    found: list[AnyEntry] = []
    while more := record.entries(after=found[-1].position if found else after, limit=10_000):
        found += more
    return found


def _at_once(work: Callable[[int], None]) -> float:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(COMMANDS_AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began
