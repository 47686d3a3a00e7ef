"""Measures ours beside a named peer in the same run, on the demo's mixture: `make bench`.

Prints work, ours, peer, ratio and goal; a full run also writes bench/last.json. Nothing is
asserted: a goal that is not met is a finding, not a failure.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import psycopg
from rich.console import Console
from rich.table import Table

from bench import commands, demo, imports, lag, pages, rebuilds, starts
from bench.ground import Ground
from bench.row import Row
from record.postgres.server import EmbeddedPostgres

LAST = Path(__file__).with_name("last.json")
SIZES = (35_000, 105_000)
SIZES_FULL = (35_000, 200_000, 1_000_000)
# In this order: each leaves its cities to the next; renaming communities comes last.
MEASURES: Mapping[str, Callable[[Ground], Iterable[Row]]] = {
    "starts": starts.measure,
    "rebuilds": rebuilds.measure,
    "imports": imports.measure,
    "pages": pages.measure,
    "commands": commands.measure,
    "lag": lag.measure,
}


def main() -> None:
    """Run the measures that were asked for, all by default."""
    asked = _asked()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # who starts often has been compiled
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit("stopped"))  # ends its servers
    sizes = asked.sizes or (SIZES_FULL if asked.full else SIZES)
    console = Console()
    about = _about(sizes)
    rows: list[Row] = []
    with _home(asked.home) as home:
        if not (home / "postgres").exists():
            rows += _reported(console, "demo", demo.measure(home))
        with EmbeddedPostgres(home) as server:
            ground = Ground(server.url, sorted(sizes), full=asked.full)
            for name in asked.only or MEASURES:
                rows += _reported(console, name, MEASURES[name](ground))
            about["postgresql"] = _postgresql(server.url)
    _print(console, rows)
    found = json.dumps(
        about | {"measures": [row.as_json() for row in rows]}, ensure_ascii=False, indent=2
    )
    if path := asked.json or (LAST if asked.full and not asked.only else None):
        path.write_text(found + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of {', '.join(MEASURES)}")
    parser.add_argument("--full", action="store_true", help="all sizes; writes bench/last.json")
    parser.add_argument("--sizes", nargs="+", type=int, help="entries to measure at")
    parser.add_argument(
        "--home", type=Path, help="keep the demo's record here, and use it when it is here already"
    )
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    asked = parser.parse_args()
    if unknown := set(asked.only) - set(MEASURES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    return asked


@contextmanager
def _home(kept: Path | None) -> Iterator[Path]:
    """A folder for the demo and the server: the one to keep, or one for this run."""
    home = kept.absolute() if kept else Path(tempfile.mkdtemp(prefix="annals-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)  # PostgreSQL does not run as root: its user must get to its own folder
    try:
        yield home
    finally:
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def _about(sizes: Iterable[int]) -> dict[str, Any]:
    """When, on what, and beside how much else this was measured."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / (1 << 30), 1),
            "system": platform.platform(),
        },
        "load_average_at_start": os.getloadavg(),
        "sizes": sorted(sizes),
        "python": platform.python_version(),
        **{name: version(name) for name in ("eventsourcing", "fastapi", "psycopg", "pydantic")},
    }


def _processor() -> str:
    """The processor's name, where the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    found = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(found, platform.machine())


def _postgresql(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("show server_version").fetchone()
    assert row is not None
    return str(row[0])


def _reported(console: Console, name: str, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of a measure, each shown as soon as it is there."""
    console.print(f"{name} …")
    for row in rows:
        peer = f", peer {_shown(row.theirs)}, ratio {_shown(row.ratio)}" if row.theirs else ""
        console.print(
            f"  {row.work}: {_shown(row.ours)} {row.unit}{peer}", highlight=False, soft_wrap=True
        )
        yield row


def _print(console: Console, rows: Sequence[Row]) -> None:
    table = Table("work", "ours", "peer", "", "ratio", "goal", "met", "beside")
    for row in rows:
        table.add_row(
            row.work,
            _shown(row.ours),
            _shown(row.theirs),
            row.unit,
            _shown(row.ratio),
            str(row.goal or ""),
            {True: "yes", False: "no", None: ""}[row.met],
            "; ".join(filter(None, (row.peer, row.note))),
        )
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def _shown(figure: float | None) -> str:
    if figure is None:
        return ""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:,.2f}"


if __name__ == "__main__":
    main()
