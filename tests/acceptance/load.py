"""A process to be killed: carries out commands without end, and prints every receipt it gets.

python -m tests.acceptance.load URL SEED
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from itertools import count
from threading import Event, Thread

from eventsourcing.persistence import OperationalError

from domain.batch.receiving import ReceiveBatch
from projections.all import PROJECTIONS
from projections.engine.worker import work
from record.store.batch import BatchStep
from record.store.entry import Receipt
from record.store.record import Record
from tests.city import LI, classify, found, register, rename


def main(url: str, seed: str) -> None:
    """Founds the record if need be, and works on it beside a worker until it is killed."""
    record = Record(url)
    if not record.head():
        found(record)
    Thread(target=work, args=(url, PROJECTIONS, Event()), daemon=True).start()
    for command_id, carry_out in commands(record, seed):
        sys.stdout.write(f"{command_id} {persistently(carry_out).model_dump_json()}\n")
        sys.stdout.flush()


def persistently(carry_out: Callable[[], Receipt]) -> Receipt:
    """Its receipt. When the database is away nobody knows whether the command was recorded: it is
    repeated under its id until it answers."""
    while True:
        with suppress(OperationalError):
            return carry_out()
        time.sleep(0.05)


def commands(record: Record, seed: str) -> Iterator[tuple[str, Callable[[], Receipt]]]:
    """One after the other: communities registered, renamed and classified, and now and then a
    batch of them."""
    for number in count():
        id = f"{seed}-{number}"
        stream = f"community:{seed}-{number // 3}"
        step = (register(), rename("花园社区"), classify())[number % 3]

        def single(id: str = id, step: BatchStep = BatchStep(stream, step)) -> Receipt:  # noqa: B008
            return record.carry_out(step.stream, step.command, by=LI, command_id=id)

        def batch(id: str = id) -> Receipt:
            received = ReceiveBatch(
                source="roster",
                file_name="2020.csv",
                file_digest="0" * 64,
                rows=30,
                as_of=date(2020, 6, 30),
            )
            steps = [BatchStep(f"community:{id}-b{part}", register()) for part in range(30)]
            return record.carry_out_batch(f"{id}-b", received, steps, by=LI)

        yield id, single
        if number % 10 == 9:
            yield f"{id}-b", batch


if __name__ == "__main__":
    main(*sys.argv[1:])
