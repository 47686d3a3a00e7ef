"""Measures ours beside the stock library in the same run: `make bench`.

Prints work, ours, peer, ratio and goal, and writes them to bench/last.json. Nothing is asserted: a
ratio below its goal is a finding, not a failure.
"""

import argparse
import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from bench.measures import Measure, p1, p2, p3
from record.postgres.server import EmbeddedPostgres

LAST = Path(__file__).with_name("last.json")
MEASURES: dict[str, Callable[[Callable[[str], str], float], Sequence[Measure]]] = {
    "P1": p1,
    "P2": p2,
    "P3": p3,
}


def main() -> None:
    """Run the measures that were asked for, all by default."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*MEASURES, []], help="which of them")
    parser.add_argument("--size", type=float, default=1.0, help="how large, as a factor")
    arguments = parser.parse_args()
    console = Console()
    found: list[Measure] = []
    home = Path(tempfile.mkdtemp(prefix="annals-bench-"))
    home.chmod(0o755)  # PostgreSQL does not run as root: its user must get to its own folder
    try:
        with EmbeddedPostgres(home) as server:
            for name, measure in MEASURES.items():
                if arguments.only and name not in arguments.only:
                    continue
                console.print(f"{name} …")
                found += measure(lambda database: _fresh(server.url, database), arguments.size)
            postgres = _version(server.url)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    _print(console, found)
    LAST.write_text(
        json.dumps(
            {
                "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "python": platform.python_version(),
                "postgresql": postgres,
                "eventsourcing": version("eventsourcing"),
                "size": arguments.size,
                "measures": [asdict(measure) | {"ratio": measure.ratio} for measure in found],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _print(console: Console, found: Sequence[Measure]) -> None:
    table = Table("", "work", "ours /s", "peer /s", "ratio", "goal")
    for each in found:
        table.add_row(
            each.name,
            each.work,
            f"{each.ours:,.0f}",
            f"{each.peer:,.0f}",
            f"{each.ratio:.1f}",
            each.goal,
        )
    console.print(table)


def _fresh(url: str, database: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {database}".encode())
    return url.replace("/annals?", f"/{database}?")


def _version(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("show server_version").fetchone()
    return row[0] if row else ""


if __name__ == "__main__":
    main()
