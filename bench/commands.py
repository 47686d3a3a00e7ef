"""One command: load, decide, append. Alone and 16 at once, on small and on large records."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from statistics import median

from bench import history, stock
from bench.ground import Ground
from bench.row import AT_LEAST, AT_MOST, Row, ratio
from domain.community.identity import RegisterCommunity, RenameCommunity
from domain.community.state import Community
from domain.kernel.context import Acting, Actor, Authority
from record.store.entry import Receipt
from record.store.record import Record

AT_ONCE = 16
COMMANDS = 60
COMMANDS_FULL = 150
COMMUNITIES = 40


def measure(ground: Ground) -> Iterator[Row]:
    """Commands a second beside the stock library; one command's time at each size."""
    commands = COMMANDS_FULL if ground.full else COMMANDS
    ours = _ours(ground, commands)
    stock_peer = "stock library: repository.get, a command, save"
    cached_peer = f"{stock_peer}; with its cache"
    for peer, theirs, goal in (
        (stock_peer, _theirs(ground, commands), 8),
        (cached_peer, _theirs(ground, commands, AGGREGATE_CACHE_MAXSIZE="1000"), None),
    ):
        for at_once in (1, AT_ONCE):
            yield Row(
                work=f"command, {at_once} at once, {commands * at_once:,} in all",
                peer=peer,
                unit="commands/s",
                ours=ours[at_once],
                theirs=theirs[at_once],
                goal=ratio(AT_LEAST, goal) if goal and at_once == AT_ONCE else None,
            )
    yield from _growth(ground)


def _ours(ground: Ground, commands: int) -> dict[int, float]:
    """Commands a second, by how many are at once."""
    with history.founded(ground.fresh("bench_command")) as record:
        keeper = history.acting(record, "li.na", history.KEEPER)
        for number in range(AT_ONCE):
            registered = RegisterCommunity(
                name="花园社区", subdistrict="s1", effective_from=history.FIRST
            )
            record.carry_out(f"community:c{number}", registered, by=keeper)

        def work(number: int) -> None:
            for k in range(commands):
                renamed = RenameCommunity(
                    name=f"花园{k}社区", effective_from=date(2018, 1, 1), reason="更名"
                )
                record.carry_out(f"community:c{number}", renamed, by=keeper)

        return {n: commands * n / _seconds(work, n) for n in (1, AT_ONCE)}


def _theirs(ground: Ground, commands: int, **settings: str) -> dict[int, float]:
    """The same with the stock library under these settings."""
    env = stock.environment(ground.fresh("bench_command_stock")) | settings
    with stock.Communities(env=env) as application:
        ids = [
            application.register(f"c{n}", "花园社区", f"9901010010{n:02}", "s1", "2015-01-01")
            for n in range(AT_ONCE)
        ]

        def work(number: int) -> None:
            for k in range(commands):
                application.rename(ids[number], f"花园{k}社区", "2018-01-01", "更名")

        return {n: commands * n / _seconds(work, n) for n in (1, AT_ONCE)}


def _growth(ground: Ground) -> Iterator[Row]:
    """One command at a time on a record of each size, the records in turn."""
    cities = [ground.city(size) for size in ground.sizes]
    seconds: list[list[float]] = [[] for _ in cities]
    with ExitStack() as stack:
        records = [stack.enter_context(Record(city.url)) for city in cities]
        communities = [standing(record, COMMUNITIES) for record in records]
        for number in range(COMMUNITIES):
            for record, found, taken in zip(records, communities, seconds, strict=True):
                began = time.perf_counter()
                rename(record, found[number], f"花园{number}社区")
                taken.append(time.perf_counter() - began)
    for city, taken in list(zip(cities, seconds, strict=True))[1:]:
        yield Row(
            work=f"command, {city.entries:,} entries on record",
            peer=f"ours at {cities[0].entries:,}",
            unit="ms",
            ours=1e3 * median(taken),
            theirs=1e3 * median(seconds[0]),
            goal=ratio(AT_MOST, 1.3),
        )


def standing(record: Record, count: int) -> list[Community]:
    """So many communities that stand, from the first of the record."""
    found: dict[str, None] = {}
    position = 0
    while len(found) < 2 * count:
        entries = record.entries(after=position, limit=1_000)
        position = entries[-1].position
        found |= {e.stream: None for e in entries if e.stream.startswith("community:")}
    states = record.states(list(found)).values()
    return [each for each in states if each.exists_on(date.max)][:count]


def rename(record: Record, community: Community, name: str) -> Receipt:
    """Have the keeper of its subdistrict's register rename a community, this year."""
    place = community.subdistricts.on(date.max)
    assert place
    by = Acting(
        actor=Actor(person="bench", unit=place),
        authority=Authority(role=history.KEEPER, jurisdiction=place),
    )
    command = RenameCommunity(name=name, effective_from=date(2026, 1, 1), reason="更名")
    return record.carry_out(community.stream, command, by=by)


def _seconds(work: Callable[[int], None], at_once: int) -> float:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(at_once)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began
