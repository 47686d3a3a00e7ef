"""Import of a register and five years of history in batches, through the rules.

Beside it the stock library: the same commands with rules in its aggregates, and the bulk append of
the same entries without any rule.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from bench import history, stock
from bench.ground import Ground
from bench.row import AT_LEAST, Row, ratio
from domain.classification.classification import ClassifyCommunity
from domain.community.identity import MoveCommunity, RegisterCommunity, RenameCommunity
from domain.community.profile import SurveyProfile
from record.store.batch import BatchStep
from record.store.entry import AnyEntry
from record.store.record import Record

COMMUNITIES = 400
COMMUNITIES_FULL = 1_500


def measure(ground: Ground) -> Iterator[Row]:
    """Commands and entries a second, all three in one process."""
    batches = history.batches(COMMUNITIES_FULL if ground.full else COMMUNITIES)
    commands = sum(len(steps) for _, steps in batches)
    with history.founded(ground.fresh("bench_import")) as record:
        start = record.head()
        seconds, cpu = _ours(record, batches)
        entries: list[AnyEntry] = []
        while more := record.entries(after=start + len(entries), limit=10_000):
            entries += more
    prepared = list(stock.recorded(entries))
    ruled_seconds, ruled_cpu = _stock_with_rules(ground, batches)
    with stock.Communities(env=stock.environment(ground.fresh("bench_import_bulk"))) as application:
        began, before = time.perf_counter(), time.process_time()
        stock.bulk(application, prepared)
        bulk_seconds, bulk_cpu = time.perf_counter() - began, time.process_time() - before
    yield Row(
        work=f"import through the rules, {commands:,} commands",
        peer="stock library, rules in its aggregates",
        unit="commands/s",
        ours=commands / seconds,
        theirs=commands / ruled_seconds,
        goal=ratio(AT_LEAST, 3),
        note=f"CPU {cpu:.1f} s and {ruled_cpu:.1f} s",
    )
    yield Row(
        work=f"import through the rules, {len(entries):,} entries",
        peer="stock bulk append, no rules",
        unit="entries/s",
        ours=len(entries) / seconds,
        theirs=len(entries) / bulk_seconds,
        goal=ratio(AT_LEAST, 1.5),
        note=f"CPU {cpu:.1f} s and {bulk_cpu:.1f} s",
    )


def _ours(record: Record, batches: Sequence[tuple[str, list[BatchStep]]]) -> tuple[float, float]:
    began, before = time.perf_counter(), time.process_time()
    for number, (role, steps) in enumerate(batches):
        received = history.received(number, len(steps))
        by = history.acting(record, "li.na", role)
        record.carry_out_batch(f"b{number}", received, steps, by=by)
    return time.perf_counter() - began, time.process_time() - before


def _stock_with_rules(
    ground: Ground, batches: Sequence[tuple[str, list[BatchStep]]]
) -> tuple[float, float]:
    """The same commands, many aggregates saved in one transaction.

    With the library's cache, and no query for what others may have recorded meanwhile: a conflict
    is found when it is saved.
    """
    env = stock.environment(ground.fresh("bench_import_rules")) | {
        "AGGREGATE_CACHE_MAXSIZE": "100000",
        "AGGREGATE_CACHE_FASTFORWARD": "n",
        "DEEPCOPY_FROM_AGGREGATE_CACHE": "n",
    }
    with stock.Communities(env=env) as application:
        began, before = time.perf_counter(), time.process_time()
        for _, steps in batches:
            changed: dict[UUID, Any] = {}
            for step in steps:
                _carry_out(application, step, changed)
                if len(changed) >= stock.BULK_EVENTS:
                    application.save(*changed.values())
                    changed.clear()
            application.save(*changed.values())
        return time.perf_counter() - began, time.process_time() - before


def _carry_out(application: stock.Communities, step: BatchStep, changed: dict[UUID, Any]) -> None:
    key = step.stream.partition(":")[2]
    command = step.command
    if isinstance(command, RegisterCommunity):
        assert command.code
        since = command.effective_from.isoformat()
        community = stock.Community(
            key, command.name, command.code, command.subdistrict, since, command.origin
        )
        code = stock.Code(command.code, key, since)
        changed |= {community.id: community, code.id: code}
        return
    id = stock.id_of(step.stream)
    found: stock.Community = changed.get(id) or application.repository.get(id)
    match command:
        case RenameCommunity():
            found.rename(command.name, command.effective_from.isoformat(), command.reason)
        case MoveCommunity():
            found.move(command.subdistrict, command.effective_from.isoformat())
        case ClassifyCommunity():
            found.classify(command.type, command.effective_from.isoformat())
        case SurveyProfile():
            counts: Mapping[str, Any] = command.indicators
            found.survey(dict(counts), command.surveyed_on.isoformat(), command.source)
        case _:
            raise AssertionError(f"the stock library has no {type(command).__name__}")
    changed[id] = found
