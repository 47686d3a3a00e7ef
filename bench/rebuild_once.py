"""One rebuild from nothing in a process of its own: `python -m bench.rebuild_once URL [PROCESSES]`.

Answers with JSON on stdout: seconds, CPU seconds of all its processes, how many are parked.
"""

import json
import os
import sys
import time

import psycopg

from projections.all import PROJECTIONS
from projections.engine import rebuild as rebuilding


def main(url: str, processes: int = 2) -> None:
    """Rebuild all read models, in one process or in as many as the product takes."""
    if processes == 1:
        rebuilding.START_SECONDS = float("inf")  # then no part is worth another process
    with psycopg.connect(url) as connection:  # each begins with nothing to compare
        connection.execute("drop schema if exists projections cascade")
    began, before = time.perf_counter(), os.times()
    rebuilt = rebuilding.rebuild(url, PROJECTIONS)
    seconds, after = time.perf_counter() - began, os.times()
    with psycopg.connect(url) as connection:
        parked = connection.execute(
            "select projection, error from projections.progress where parked_at is not null"
        ).fetchall()
    assert not parked, f"these projections are parked: {parked}"
    found = {
        "entries": rebuilt.entries,
        "seconds": seconds,
        "cpu_seconds": sum(after[:4]) - sum(before[:4]),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
