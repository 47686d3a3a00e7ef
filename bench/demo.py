"""`annals demo` in an empty folder: until the first page, and until the whole city is recorded.

What it recorded is the ground of all other measures.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.process import ANNALS, Server, port_of, stop
from bench.row import AT_MOST, Row, figure

WHOLE = re.compile(r"demo city is recorded(?! up to)")


def measure(home: Path) -> Iterator[Row]:
    """Record the demo in this folder."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    before, began = os.times(), time.perf_counter()
    with (home / "demo.log").open("w+") as log:
        process = subprocess.Popen(
            [ANNALS, "demo", "--port", "0", "--lang", "en"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment | {"ANNALS_HOME": str(home)},
        )
        try:
            Server(process, port_of(process.stdout)).get("/sign-in")
            first = time.perf_counter() - began
            while not WHOLE.search((home / "demo.log").read_text()):
                assert process.poll() is None, f"the demo ended early: {home / 'demo.log'}"
                time.sleep(0.1)
            whole = time.perf_counter() - began
        finally:
            stop(process)
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    yield Row(
        work="annals demo, first page", peer="", unit="s", ours=first, goal=figure(AT_MOST, 5)
    )
    yield Row(
        work="annals demo, whole city",
        peer="",
        unit="s",
        ours=whole,
        goal=figure(AT_MOST, 20),
        note=f"CPU {cpu:.1f} s with its server and PostgreSQL",
    )
