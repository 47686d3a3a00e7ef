"""Rebuild of all read models, beside the stock projection runner once for each of them."""

import json
import sys
from collections.abc import Iterator
from typing import NamedTuple

from bench import process, stock
from bench.ground import City, Ground
from bench.row import AT_LEAST, AT_MOST, Row, figure, ratio
from projections.all import PROJECTIONS
from record.store.record import Record

SLICE_ENTRIES = 1_500
MEMORY_GOAL_ENTRIES = 1_000_000


class Rebuilt(NamedTuple):
    """What a rebuild took."""

    entries: int
    seconds: float
    cpu_seconds: float
    memory_mib: float

    @property
    def rate(self) -> float:
        """Entries a second."""
        return self.entries / self.seconds

    @property
    def cpu_each(self) -> float:
        """Microseconds of CPU an entry."""
        return 1e6 * self.cpu_seconds / self.entries


def measure(ground: Ground) -> Iterator[Row]:
    """At every size; in one process at the two smallest: one for its CPU, and one that is large
    enough for a second process to be worth its start."""
    stock_rate = _stock_rate(ground)
    found = [_rebuild(ground.city(size)) for size in ground.sizes]
    alone = [_rebuild(ground.city(size), 1) for size in ground.sizes[:2]]
    for rebuilt in found:
        yield Row(
            work=f"rebuild of {len(PROJECTIONS)} projections, {rebuilt.entries:,} entries",
            peer="stock ProjectionRunner, once per projection",
            unit="entries/s",
            ours=rebuilt.rate,
            theirs=stock_rate,
            goal=ratio(AT_LEAST, 200),
            note=f"{rebuilt.seconds:.1f} s, {rebuilt.cpu_seconds:.1f} s of CPU in its processes",
        )
    yield Row(
        work=f"CPU of a rebuild in one process, {alone[0].entries:,} entries",
        peer="",
        unit="µs an entry",
        ours=alone[0].cpu_each,
        goal=figure(AT_MOST, 60),
    )
    for ours, theirs in zip(found[1:], alone[1:], strict=False):
        yield Row(
            work=f"rebuild in two processes, {ours.entries:,} entries",
            peer="ours in one process",
            unit="s",
            ours=ours.seconds,
            theirs=theirs.seconds,
            goal=ratio(AT_MOST, 1),
        )
    for rebuilt in found:
        yield Row(
            work=f"memory of a rebuild, all its processes, {rebuilt.entries:,} entries",
            peer=f"ours at {found[0].entries:,}",
            unit="MiB",
            ours=rebuilt.memory_mib,
            theirs=found[0].memory_mib,
            goal=figure(AT_MOST, 512),
        )
    for rebuilt in found[1:]:
        yield Row(
            work=f"CPU an entry of a rebuild, {rebuilt.entries:,} entries",
            peer=f"ours at {found[0].entries:,}",
            unit="µs an entry",
            ours=rebuilt.cpu_each,
            theirs=found[0].cpu_each,
            goal=ratio(AT_MOST, 1.1),
        )


def _rebuild(city: City, *processes: int) -> Rebuilt:
    command = [sys.executable, "-m", "bench.rebuild_once", city.url, *map(str, processes)]
    ran = process.run(command, sampled=True)
    found = json.loads(ran.output)
    return Rebuilt(city.entries, found["seconds"], found["cpu_seconds"], ran.memory_mib)


def _stock_rate(ground: Ground) -> float:
    """Entries a second of the stock runner for all projections, on a stretch of the demo.

    Each reads only the events that the projection reads, as its `topics` allow, and upserts one row
    for each: no more than it needs to be of use at all.
    """
    with Record(ground.demo) as record:
        entries = record.entries(after=record.head() // 2, limit=SLICE_ENTRIES)
    prepared = list(stock.recorded(entries))
    env = stock.environment(ground.fresh("bench_stock_runner"))
    with stock.Communities(env=env) as application:
        stock.bulk(application, prepared)
    seconds = 0.0
    for projection in PROJECTIONS:
        names = {event.__name__ for event in projection.events}
        positions = [at for at, each in enumerate(prepared, 1) if each.event in names]
        if positions:
            seconds += stock.catch_up(env, projection.name, names, positions[-1])
    return len(prepared) / seconds
